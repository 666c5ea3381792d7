import { webImage } from '../bed/images.ts';
import { deployWithAction, promoteWithAction } from './action-tool.ts';
import { asked, onAuditClock } from './audit.ts';
import { type Bench, openBench } from './bench.ts';
import type { Command, Tool } from './command.ts';
import { updateWithKubectl } from './kubectl-tool.ts';
import { start } from './process.ts';
import { comparisonHead, comparisonRow } from './report.ts';
import { prepareReleases, settled } from './rollback.ts';
import { compare } from './statistics.ts';
import { formatTable } from './table.ts';

/** A Deployment for each side: what kubectl sets has no release's name, and would be another case for the action. */
const names = { action: 'web', kubectl: 'web-by-kubectl' } as const;
const replicas = 4;
const rounds = 7;

/** One process: seconds from its start to its end, and what it asked meanwhile by the audit log. */
interface Run {
  readonly seconds: number;
  /** Without watches. */
  readonly requests: number;
  readonly watches: number;
}

type Part = 'held' | 'promoted' | 'plain' | 'kubectl';
type Runs = Readonly<Record<Part, Run[]>>;

/** Prints what a canary costs that is promoted as soon as it is held, beside the same update without one, on a bed. */
export async function measureCanaries(): Promise<void> {
  const bench = await openBench(console.error);
  try {
    await prepareReleases(bench, Object.values(names), replicas);
    const runs = await measureRounds(bench);
    introduce();
    for (const [title, figure, decimals] of figures) {
      console.log(`\n${title}`);
      console.log(formatTable([comparisonHead, ...rowsOf(runs, figure, decimals)]));
    }
  } finally {
    await bench.close();
  }
}

const figures = [
  ['Seconds from process start to end', 'seconds', 3],
  ['Requests, without watches (audit log)', 'requests', 0],
  ['Watches (audit log)', 'watches', 0],
] as const;

function introduce(): void {
  console.log(
    `\nA canary of 1 of ${replicas} that is promoted as soon as it is held, beside kubectl set image and rollout status; readiness asked each second, maxSurge and maxUnavailable 25%, medians of ${rounds} rounds`,
  );
  console.log('The action runs without its window after a rollout (monitor: 0s), since kubectl has none.');
}

/** The three ways by turns, in the next round the other way round; each update goes to an image that is not live. */
async function measureRounds(bench: Bench): Promise<Runs> {
  const { home, straight } = bench;
  const [action, kubectl] = bench.tools;
  const runs: Runs = { held: [], promoted: [], plain: [], kubectl: [] };
  const updates = { action: 0, kubectl: 0 };
  const nextImage = (side: keyof typeof updates) => {
    updates[side] += 1;
    return webImage(updates[side] % 2 === 1 ? '1.0' : '1.1');
  };
  const deploy = (canary: Readonly<Record<string, string>>) => {
    const image = nextImage('action');
    const target = { deployments: [names.action], release: `update-${updates.action}` };
    return deployWithAction(straight, home, target, image, canary);
  };
  const measure = async (part: Part, tool: Tool, command: Command) =>
    void runs[part].push(await measureRun(bench, tool, command));
  const ways = [
    async () => {
      await measure('held', action, deploy({ canary: '1' }));
      await measure('promoted', action, promoteWithAction(straight, home, names.action));
    },
    () => measure('plain', action, deploy({})),
    () => measure('kubectl', kubectl, updateWithKubectl(bench, names.kubectl, nextImage('kubectl'))),
  ];
  for (let round = 0; round <= rounds; round += 1) {
    for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
      await way();
      await settled(bench, Object.values(names), 2 * replicas);
    }
    // The first round fills kubectl's discovery cache.
    if (round === 0) for (const part of Object.values(runs)) part.length = 0;
  }
  return runs;
}

async function measureRun({ bed }: Bench, tool: Tool, command: Command): Promise<Run> {
  const { startedAt, ended } = start(command);
  const endedAt = await ended;
  const entries = await bed.auditEntries(onAuditClock(startedAt));
  const { requests, watches } = asked(entries, tool, startedAt, endedAt);
  return { seconds: (endedAt - startedAt) / 1000, requests, watches };
}

function rowsOf({ held, promoted, plain, kubectl }: Runs, figure: keyof Run, decimals: number) {
  const of = (runs: readonly Run[]) => runs.map((run) => run[figure]);
  const both = of(held).map((value, round) => value + (of(promoted)[round] ?? Number.NaN));
  const row = (title: string, values: readonly number[]) =>
    comparisonRow(title, compare(values, of(kubectl)), decimals);
  return [
    row('canary held and promoted', both),
    row('of that, until it was held', of(held)),
    row('of that, its promotion', of(promoted)),
    row('without a canary', of(plain)),
  ];
}
