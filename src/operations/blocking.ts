import { errorMessage, GitHubError, type GitHubErrorKind } from '../errors.ts';
import { redact } from '../foreign/redact.ts';
import { coveringBlock } from '../gate/covering-block.ts';
import type { BlockReport } from '../gate/gate-report.ts';
import type { Standing, Subject } from '../gate/standing.ts';
import type { Trust } from '../gate/trust.ts';
import type { Gate } from '../ports.ts';
import { showRelease } from '../release/release-text.ts';
import { LAST_WORD_MS, outlast, type Patience } from './answer-within.ts';
import { coveringNow } from './covering-now.ts';
import { readStanding } from './gate-records.ts';
import type { Step, Train } from './prepare.ts';
import type { OwedBlock, RollPorts } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';
import { writeBlock } from './write-block.ts';

/** The blocks of one run: written in the background, so that nothing on the cluster waits for GitHub. */
export interface Blocking {
  /** Sends a block on its way and returns at once; a release is blocked once. */
  begin(release: string, reason: string): void;
  /** What became of every block that was begun; waits a while for those that are still on their way. */
  settled(): Promise<readonly BlockReport[]>;
  /** What was begun without a gate to write it at. */
  unblocked(): readonly string[];
}

export type BlockingPorts = Pick<RollPorts, 'clock' | 'log' | 'interrupt' | 'secrets' | 'gate' | 'rememberBlocks'>;
export type BlockingRequest = Pick<
  TrainRequest,
  'scope' | 'environment' | 'trust' | 'blockOnRollback' | 'actor' | 'runUrl' | 'runId'
>;

/** A run that is over waits so long for its blocks; one that was cancelled has no more than its last seconds. */
export const PATIENCE = { ms: 20_000, lastMs: 1_500 } as const satisfies Patience;
const PAUSES_MS = [1_000, 2_000, 4_000] as const;
/** What may be over a moment later. */
const PASSING: readonly GitHubErrorKind[] = ['unreachable', 'limited'];

/** Makes ready to block what this run will leave; `known` is where releases stood a moment ago. */
export function openBlocking(
  ports: BlockingPorts,
  request: BlockingRequest,
  known: ReadonlyMap<string, Standing> = new Map(),
): Blocking {
  const { gate } = ports;
  if (!gate || !request.blockOnRollback) return unable(request);
  const late = new AbortController();
  const owed = new Map<string, OwedBlock>();
  const reports = new Map<string, Promise<BlockReport>>();
  const settle = (release: string) => {
    owed.delete(release);
    ports.rememberBlocks([...owed.values()]);
  };
  return {
    begin(release, reason) {
      if (reports.has(release)) return;
      const block = { release, reason: redact(reason, ports.secrets) };
      owed.set(release, block);
      const writing = write(ports, gate, request, block, known.get(release), late.signal);
      ports.rememberBlocks([...owed.values()]);
      reports.set(
        release,
        writing.then(({ retry, ...report }) => {
          if (!retry) settle(release);
          return report;
        }),
      );
    },
    async settled() {
      if (reports.size === 0) return [];
      const calm = new AbortController();
      const waiting = outlast(ports, PATIENCE, calm.signal).then(() =>
        late.abort(new GitHubError('unreachable', 'GitHub did not answer in time')),
      );
      const all = await Promise.all(reports.values());
      calm.abort();
      await waiting;
      return all;
    },
    unblocked: () => [],
  };
}

/** Blocks nothing, and remembers what was to be blocked. */
function unable({ blockOnRollback }: BlockingRequest): Blocking {
  const left = new Set<string>();
  return {
    begin: (release) => void (blockOnRollback && left.add(release)),
    settled: async () => [],
    unblocked: () => [...left],
  };
}

/**
 * The release that a step of a rollback leaves: one with a name, and never one that the train returns to, nor one that a
 * rollback restored, when somebody goes up again from there.
 */
export function releasesLeft(
  { survey, mode, change }: Step,
  train: Pick<Train, 'release' | 'mode'>,
): readonly string[] {
  const { live, attemptedAs } = survey.state;
  const { release } = live;
  const restored = attemptedAs === 'rollback' && mode.direction === 'up';
  const leaves = train.mode.mode === 'rollback' && mode.mode === 'rollback' && change.kind === 'write' && !restored;
  return leaves && release !== '' && release !== train.release ? [release] : [];
}

type Written = BlockReport & { readonly retry: boolean };

/** Tries until it is written, until GitHub refuses it for good, or until nobody waits any more. Never throws. */
async function write(
  ports: BlockingPorts,
  gate: Gate,
  request: BlockingRequest,
  block: OwedBlock,
  known: Standing | undefined,
  signal: AbortSignal,
): Promise<Written> {
  const name = showRelease(block.release);
  const given = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => ports.clock.sleep(LAST_WORD_MS).then(() => reject(signal.reason))),
  );
  given.catch(() => undefined);
  for (let count = 0, problem = ''; ; count++) {
    try {
      const tried = writeOnce(ports, gate, request, block, count === 0 ? known : undefined, signal);
      const written = await Promise.race([tried, given]);
      const { state, id } = written;
      ports.log.info(
        state === 'stood' ? `${name} is blocked already (record ${id})` : `${name} is blocked (record ${id})`,
      );
      return { ...block, ...written, problem: '', retry: false };
    } catch (error) {
      if (error !== signal.reason || problem === '') problem = errorMessage(error);
      const refused = error instanceof GitHubError ? error : undefined;
      const passes = refused !== undefined && PASSING.includes(refused.kind);
      ports.log.warn(`${name} is not blocked${passes && !signal.aborted ? ' yet' : ''}: ${problem}`);
      // A run that was not cancelled has told by itself that it is missing.
      const retry = passes && ports.interrupt.aborted;
      if (!passes || signal.aborted) return { ...block, state: 'missing', problem, retry };
      const pause = PAUSES_MS[Math.min(count, PAUSES_MS.length - 1)] ?? 0;
      await ports.clock.sleep(Math.max(pause, refused.retryAfterMs ?? 0), signal);
    }
  }
}

/** Throws GitHubError. */
async function writeOnce(
  { clock }: BlockingPorts,
  gate: Gate,
  { scope, environment, trust, actor, runUrl, runId }: BlockingRequest,
  { release, reason }: OwedBlock,
  known: Standing | undefined,
  signal: AbortSignal,
): Promise<{ readonly state: 'written' | 'stood'; readonly id: number; readonly reason: string }> {
  const standing = known ?? (await readIfAllowed(gate, { scope, release }, trust, signal));
  // Only where one seems to stand is asked what runs there: a first block must not wait.
  const seems = standing && coveringBlock(standing, environment);
  const covering = seems && (await coveringNow(gate, { scope, environment, trust }, standing, signal));
  if (covering && standing.kind === 'blocked') {
    // The answer to an earlier try may be all that was lost.
    const ours = runId !== '' && covering.block.runId === runId;
    // What unblock/ takes is the record that closes the gate, whichever covers this one.
    const { id, block } = ours ? covering : standing;
    return { state: ours ? 'written' : 'stood', id, reason: block.reason };
  }
  const said = { release, scope, environment, reason, actor, runUrl, runId };
  return { state: 'written', reason, id: await writeBlock({ gate, clock }, said, standing?.newest, signal) };
}

/** Whoever may write may read, too: where both are refused, the refusal of the write names the right that is missing. */
async function readIfAllowed(
  gate: Gate,
  subject: Subject,
  trust: Trust,
  signal: AbortSignal,
): Promise<Standing | undefined> {
  try {
    return await readStanding(gate, subject, trust, [], signal);
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'forbidden') return undefined;
    throw error;
  }
}
