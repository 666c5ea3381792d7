import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDesk } from '../../desk/desk.ts';
import { startEmbeddedTestCluster } from '../../desk/embedded-test-cluster.ts';
import { webImage } from '../../desk/test-cluster.ts';
import { watch } from '../../desk/watch.ts';
import { deployWithAction } from '../action-tool.ts';
import { peakMemory } from '../peak-memory.ts';
import { start } from '../process.ts';

/** What one deploy of a train cost while its pods changed. */
export interface BusyTrain {
  readonly workloads: number;
  /** How often a pod changed, by a watch apart from the action. */
  readonly changes: number;
  readonly requests: number;
  readonly lists: number;
  readonly watches: number;
  /** MB at its peak. */
  readonly memory: number;
}

const replicas = 10;
/** Milliseconds between two changes of every pod. */
const changesEvery = 250;

/**
 * Deploys 1.1 to so many workloads of ten pods on an embedded cluster, watched for ten seconds after; where it is busy,
 * something changes about every pod four times a second.
 */
export async function measureBusyTrain(workloads: number, busy: boolean): Promise<BusyTrain> {
  const home = mkdtempSync(join(tmpdir(), 'rollkey-bench-'));
  const test = await startEmbeddedTestCluster();
  const { cluster, admin, stop } = test;
  const desk = await openDesk(test, 'train');
  const { namespace } = desk;
  const names = Array.from({ length: workloads }, (_, index) => `web-${index + 1}`);
  let changes = 0;
  let tick = 0;
  const annotate = () => {
    tick += 1;
    for (const { metadata } of cluster.objects.list('pods', namespace))
      cluster.objects.patch('pods', namespace, metadata.name, { metadata: { annotations: { tick: String(tick) } } });
  };
  let timer: NodeJS.Timeout | undefined;
  try {
    for (const name of names) await desk.install({ name, replicas });
    const kubeconfig = join(home, 'kubeconfig');
    writeFileSync(kubeconfig, desk.kubeconfig(), { mode: 0o600 });
    const inputs = { 'update-config': 'monitor: 10s' };
    const target = { deployments: names, release: '1.1' };
    const before = cluster.requests.length;
    const close = watch(admin, `/api/v1/namespaces/${namespace}/pods`, () => {
      changes += 1;
    });
    if (busy) timer = setInterval(annotate, changesEvery);
    const memory = await peakMemory(start(deployWithAction(kubeconfig, home, target, webImage('1.1'), inputs)));
    close();
    const own = cluster.requests.slice(before).filter(({ userAgent }) => userAgent.startsWith('rollkey/'));
    const count = (wanted: string) => own.filter(({ verb }) => verb === wanted).length;
    const watches = count('watch');
    return { workloads, changes, requests: own.length - watches, lists: count('list'), watches, memory };
  } finally {
    clearInterval(timer);
    await desk.close();
    await stop();
    rmSync(home, { recursive: true, force: true });
  }
}
