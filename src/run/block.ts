import type { Runner } from '../github/runner.ts';
import { type BlockInputs, readBlockInputs } from '../inputs/read-gate-inputs.ts';
import { type Blocked, blockRelease, type Origin } from '../operations/block-release.ts';
import type { Clock } from '../ports.ts';
import { showRelease } from '../release/release-text.ts';
import { formatBlockSummary } from '../report/block-summary.ts';
import { safeLine } from '../report/log-line.ts';
import { NO_BLOCK } from './block-outputs.ts';
import { type ConnectGate, runStep, type StepEnd } from './gate-step.ts';

/** Runs block/: keeps a release out of further environments. Never throws. */
export async function runBlock(runner: Runner, connect: ConnectGate, clock: Clock): Promise<void> {
  await runStep(runner, {
    nothingHappened: NO_BLOCK,
    undone: `${showRelease(runner.input('release'))} could not be blocked`,
    cancelled: 'the block may have been written or not; a second run finds it or writes it',
    act: async () => {
      const inputs = readBlockInputs(runner.input);
      const gate = await connect(inputs.token, runner);
      const { actor, runUrl, runId } = runner.context;
      const request = { ...inputs, origin: { actor, runUrl, runId } };
      return stepEnd({ ...inputs, runUrl }, await blockRelease({ gate, clock, log: runner.log }, request), clock.now());
    },
    stopped: ({ message }) => ({ ...NO_BLOCK, message: safeLine(message) }),
  });
}

const TITLES = { blocked: 'blocked', unreadable: 'kept out', clear: 'not blocked' } as const;

function stepEnd(
  { release, scope, reason, runUrl }: BlockInputs & Pick<Origin, 'runUrl'>,
  blocked: Blocked,
  now: number,
): StepEnd {
  const { id, changed, standing } = blocked;
  const message = messageOf(showRelease(release), blocked);
  const level = standing.kind === 'blocked' ? 'info' : standing.kind === 'unreadable' ? 'warning' : 'error';
  return {
    outputs: { block: String(id), changed: String(changed), message: safeLine(message) },
    level,
    title: `Release ${showRelease(release)} is ${TITLES[standing.kind]}`,
    message,
    summary: formatBlockSummary({ release, scope, reason, runUrl, ...blocked }, now),
  };
}

function messageOf(release: string, { id, changed, standing }: Blocked): string {
  if (!changed)
    return `${release} was blocked already, by record ${id}; nothing was written, and the reason given now is not kept`;
  switch (standing.kind) {
    case 'blocked':
      return `${release} is blocked by record ${standing.id}`;
    case 'unreadable':
      return `the gate is closed to ${release}, but by record ${standing.id}, which does not count: ${standing.why}`;
    case 'clear':
      return `${release} was blocked by record ${id}, and somebody lifted that at once; block it again if it is to stay out`;
  }
}
