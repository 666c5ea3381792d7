import { webImage } from '../bed/images.ts';
import type { Bench } from './bench.ts';
import type { Command, Tool } from './command.ts';
import { type Cost, countRun } from './count-run.ts';
import { secondsOf } from './process.ts';
import { type Measured, measuredSides, type Sides } from './sides.ts';
import { deploymentsPath, podTemplate, replicaSetsPath, workload } from './workloads.ts';

const writers = 8;

/**
 * Creates a Deployment without pods and its history: ReplicaSets as the controller would have left them, releases 0.1 to
 * 0.<size>, before the live 1.0. Nothing has pods: what is measured is the tools' own time.
 */
export async function prepareHistory({ api }: Bench, name: string, size: number): Promise<void> {
  const body = workload({ name, replicas: 0, release: '1.0' });
  const { metadata } = await api.json<Owner>({ method: 'POST', path: deploymentsPath, body });
  const numbers = Array.from({ length: size }, (_, index) => index + 1).values();
  const write = async () => {
    for (const number of numbers) {
      const body = replicaSet(name, metadata.uid, number);
      await api.json({ method: 'POST', path: replicaSetsPath, body });
      // As the controller would, which writes no more than twenty a second.
      await api.json({
        method: 'PATCH',
        path: `${replicaSetsPath}/${name}-${number}/status`,
        body: { status: { replicas: 0, observedGeneration: 1 } },
        contentType: 'application/merge-patch+json',
      });
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
}

function replicaSet(name: string, uid: string, number: number) {
  const hash = { 'pod-template-hash': String(number) };
  const template = podTemplate(name, webImage(`0.${number}`));
  const labels = { ...template.metadata.labels, ...hash };
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true, blockOwnerDeletion: true };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${number}`,
      labels,
      ownerReferences: [owner],
      annotations: {
        'deployment.kubernetes.io/revision': String(number),
        'kubernetes.io/change-cause': `0.${number}`,
      },
    },
    spec: { replicas: 0, selector: { matchLabels: labels }, template: { ...template, metadata: { labels } } },
  };
}

interface Owner {
  readonly metadata: { readonly uid: string };
}

export type HistoryJob = (tool: Tool, kubeconfig: string, name: string, turn: number) => Command;

/** Lists the history. */
export const listing: HistoryJob = (tool, kubeconfig, name) => tool.history(kubeconfig, name);

/** Rolls back to another of the old releases each turn. */
export const rollingBack: HistoryJob = (tool, kubeconfig, name, turn) =>
  tool.rollback(kubeconfig, { deployments: [name], release: `0.${(turn % 2) + 1}` });

/** Does a job by turns, the action first: `pairs` of runs that are timed, and one more pair through the relay. */
export async function measureHistory(
  bench: Bench,
  name: string,
  job: HistoryJob,
  pairs: number,
): Promise<Sides<Measured>> {
  const seconds: Sides<number[]> = { action: [], kubectl: [] };
  const costs: Sides<Cost[]> = { action: [], kubectl: [] };
  for (let turn = 0; turn < 2 * pairs + 2; turn += 1) {
    const tool = bench.tools[turn % 2 === 0 ? 0 : 1];
    const command = (kubeconfig: string) => job(tool, kubeconfig, name, turn);
    if (turn < 2 * pairs) seconds[tool.name].push(await secondsOf(command(bench.straight)));
    else costs[tool.name].push(await countRun(bench, tool, command));
  }
  return measuredSides(seconds, costs);
}
