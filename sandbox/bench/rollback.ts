import { setTimeout as pause } from 'node:timers/promises';
import { webImage } from '../bed/images.ts';
import { deployWithAction } from './action-tool.ts';
import { asked, onAuditClock } from './audit.ts';
import type { Bench } from './bench.ts';
import type { RollbackTarget, Tool } from './command.ts';
import { type Cost, countRun } from './count-run.ts';
import { secondsOf, start } from './process.ts';
import type { Sides } from './sides.ts';
import { deploymentsPath, podsPath, workload } from './workloads.ts';

/** One rollback, in seconds from the start of the process. */
export interface Timed {
  /** Until the write reached the API server. */
  readonly written: number;
  /** Until the old release was seen to be available, alone. */
  readonly available: number;
  /** Until the process had ended. */
  readonly ended: number;
}

/** Creates Deployments and brings each from 1.0 to 1.1 with the action, so that both releases are known. */
export async function prepareReleases(bench: Bench, names: readonly string[], replicas: number): Promise<void> {
  const { availability, home, straight } = bench;
  await Promise.all(names.map((name) => create(bench, name, replicas)));
  await availability.reached(names, webImage('1.0'));
  await secondsOf(deployWithAction(straight, home, { deployments: names, release: '1.1' }, webImage('1.1')));
  await settled(bench, names, names.length * replicas);
}

/**
 * Rolls the Deployments from 1.1 to 1.0 and back by turns, first the action and then kubectl, in the next pair the other
 * way round, so that each of them goes in both directions.
 */
export async function timeRollbacks(bench: Bench, names: readonly string[], pods: number, pairs: number) {
  const results: Sides<Timed[]> = { action: [], kubectl: [] };
  await byTurns(bench, names, pairs, async (tool, target) => {
    results[tool.name].push(await timeRollback(bench, tool, target));
    await settled(bench, names, pods);
  });
  return results;
}

/** The same rollbacks through the relay. */
export async function countRollbacks(bench: Bench, names: readonly string[], pods: number, pairs: number) {
  const results: Sides<Cost[]> = { action: [], kubectl: [] };
  await byTurns(bench, names, pairs, async (tool, target) => {
    results[tool.name].push(await countRun(bench, tool, (kubeconfig) => tool.rollback(kubeconfig, target)));
    await settled(bench, names, pods);
  });
  return results;
}

async function byTurns(
  { tools: [action, kubectl] }: Bench,
  deployments: readonly string[],
  pairs: number,
  run: (tool: Tool, target: RollbackTarget) => Promise<void>,
): Promise<void> {
  for (let pair = 0; pair < pairs; pair += 1) {
    const [first, second] = pair % 2 === 0 ? [action, kubectl] : [kubectl, action];
    await run(first, { deployments, release: '1.0' });
    await run(second, { deployments, release: '1.1' });
  }
}

async function timeRollback(bench: Bench, tool: Tool, target: RollbackTarget): Promise<Timed> {
  const reached = bench.availability.reached(target.deployments, webImage(target.release));
  const { startedAt, ended } = start(tool.rollback(bench.straight, target));
  const [availableAt, endedAt] = await Promise.all([reached, ended]);
  const entries = await bench.bed.auditEntries(onAuditClock(startedAt));
  const { wroteAt } = asked(entries, tool, startedAt, endedAt);
  const seconds = (at: number) => (at - startedAt) / 1000;
  return { written: seconds(wroteAt), available: seconds(availableAt), ended: seconds(endedAt) };
}

function create({ api }: Bench, name: string, replicas: number): Promise<unknown> {
  return api.json({ method: 'POST', path: deploymentsPath, body: workload({ name, replicas, release: '1.0' }) });
}

/** Waits until the pods that were left are gone, so that no run pays for the one before. */
export async function settled({ api }: Bench, names: readonly string[], pods: number): Promise<void> {
  const selector = encodeURIComponent(`app in (${names.join(',')})`);
  for (;;) {
    const path = `${podsPath}?labelSelector=${selector}`;
    const { items } = await api.json<{ readonly items: readonly unknown[] }>({ path });
    if (items.length === pods) return;
    await pause(50);
  }
}
