import { setTimeout as pause } from 'node:timers/promises';
import { webImage } from '../bed/images.ts';
import { sendTraffic, type Traffic } from '../desk/service-traffic.ts';
import { deployWithAction } from './action-tool.ts';
import { onAuditClock } from './audit.ts';
import { type Bench, openBench } from './bench.ts';
import type { Command } from './command.ts';
import { secondsOf, start } from './process.ts';
import { comparisonHead, comparisonRow } from './report.ts';
import { compare } from './statistics.ts';
import { formatTable } from './table.ts';
import { deploymentsPath, namespace, workload } from './workloads.ts';

const pair = { deployments: ['web-blue', 'web-green'], service: 'web' } as const;
const replicas = 3;
const rounds = 10;
const perSecond = 50;
const afterwardsMs = 1_000;

/** One switch, in seconds from the start of the process. */
interface Switched {
  /** Until the write reached the API server. */
  readonly written: number;
  /** Until the release answered that is switched to, and until the other one answered last. */
  readonly served: number;
  readonly left: number;
  readonly ended: number;
  readonly traffic: Traffic;
}

/** Prints how soon a rollback by name has switched a Service back, beside a bare `kubectl patch service`, under load. */
export async function measureBlueGreen(): Promise<void> {
  const bench = await openBench(console.error);
  try {
    await preparePair(bench);
    const [action, kubectl]: [Switched[], Switched[]] = [[], []];
    for (let round = 0; round <= rounds; round += 1) {
      const back = await timeSwitch(bench, '1.0', rollback(bench, '1.0'));
      const forth = await timeSwitch(bench, '1.1', switchByHand(bench, 'web-green'));
      // The first round warms both up.
      if (round > 0) [action, kubectl].forEach((runs, index) => void runs.push(index === 0 ? back : forth));
    }
    print(action, kubectl);
  } finally {
    await bench.close();
  }
}

async function preparePair(bench: Bench): Promise<void> {
  const { api, availability, home, straight } = bench;
  const body = {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: pair.service, namespace } },
    spec: { selector: { app: 'web-blue' }, ports: [{ port: 80, targetPort: 8080 }] },
  };
  await api.json({ method: 'POST', path: `/api/v1/namespaces/${namespace}/services`, body });
  for (const name of pair.deployments)
    await api.json({ method: 'POST', path: deploymentsPath, body: workload({ name, replicas, release: '1.0' }) });
  await availability.reached(pair.deployments, webImage('1.0'));
  const inputs = { 'blue-green': pair.service };
  const target = { deployments: pair.deployments, release: '1.1' };
  await secondsOf(deployWithAction(straight, home, target, webImage('1.1'), inputs));
}

function rollback({ home, straight }: Bench, release: string): Command {
  const inputs = { 'blue-green': pair.service, mode: 'rollback' };
  return deployWithAction(straight, home, { deployments: pair.deployments, release }, '', inputs);
}

/** What somebody does by hand who knows the selector by heart: it neither looks nor records. */
function switchByHand({ bed, home, straight }: Bench, app: string): Command {
  const patch = JSON.stringify({ spec: { selector: { app } } });
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: straight };
  return { file: bed.kubectlPath, argv: ['patch', 'service', pair.service, '-p', patch], env };
}

async function timeSwitch({ bed, access }: Bench, to: string, command: Command): Promise<Switched> {
  const traffic = sendTraffic(access, namespace, pair.service, perSecond);
  const { startedAt, ended } = start(command);
  const endedAt = await ended;
  // Proxies may be late; whoever is still served by the other release shall be seen.
  await pause(afterwardsMs);
  const seen = await traffic.stop();
  const entries = await bed.auditEntries(onAuditClock(startedAt));
  const write = entries.find(({ verb, resource, uri }) => {
    return verb === 'patch' && resource === 'services' && !uri.includes('dryRun');
  });
  const seconds = (at: number) => (at - startedAt) / 1000;
  const onOurClock = (at: number) => at - performance.timeOrigin;
  const other = to === '1.0' ? '1.1' : '1.0';
  return {
    written: seconds(onOurClock(write?.received.getTime() ?? Number.NaN)),
    served: seconds(onOurClock(seen.spans[to]?.first ?? Number.NaN)),
    left: seconds(onOurClock(seen.spans[other]?.last ?? Number.NaN)),
    ended: seconds(endedAt),
    traffic: seen,
  };
}

function print(action: readonly Switched[], kubectl: readonly Switched[]): void {
  console.log(
    `\nA Service of two Deployments of ${replicas} pods at ${perSecond} requests/s: a rollback by name while the old colour is up, beside kubectl patch service by the selector; medians of ${rounds} rounds`,
  );
  const row = (title: string, of: (run: Switched) => number) =>
    comparisonRow(title, compare(action.map(of), kubectl.map(of)), 3);
  console.log(
    formatTable([
      comparisonHead,
      row('seconds from process start to the write', ({ written }) => written),
      row('… to the first answer of the release that is back', ({ served }) => served),
      row('… to the last answer of the release that is left', ({ left }) => left),
      row('… to the end of the process', ({ ended }) => ended),
    ]),
  );
  const slowest = Math.max(...action.map(({ left }) => left));
  console.log(`Slowest rollback: ${slowest.toFixed(3)} s until nobody was served by the release that is left.`);
  const all = [...action, ...kubectl].map(({ traffic }) => traffic);
  const sum = (of: (traffic: Traffic) => number) => all.reduce((total, traffic) => total + of(traffic), 0);
  console.log(`${sum(({ sent }) => sent)} requests in ${all.length} switches, ${sum(({ lost }) => lost.length)} lost.`);
}
