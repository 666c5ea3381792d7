import { whyAndLift } from '../gate/gate-commands.ts';
import { closedBy } from '../gate/rule.ts';
import type { Runner } from '../github/runner.ts';
import { readUnblockInputs, type UnblockInputs } from '../inputs/read-gate-inputs.ts';
import type { Origin } from '../operations/block-release.ts';
import { type Unblocked, unblockRelease } from '../operations/unblock-release.ts';
import type { Clock } from '../ports.ts';
import { showRelease } from '../release/release-text.ts';
import { safeLine } from '../report/log-line.ts';
import { formatUnblockSummary, type UnblockActionReport } from '../report/unblock-summary.ts';
import { NO_BLOCK } from './block-outputs.ts';
import { type ConnectGate, runStep, type StepEnd } from './gate-step.ts';

/** Runs unblock/: lifts one record that keeps a release out. Never throws. */
export async function runUnblock(runner: Runner, connect: ConnectGate, clock: Clock): Promise<void> {
  await runStep(runner, {
    nothingHappened: NO_BLOCK,
    undone: `${showRelease(runner.input('release'))} could not be unblocked`,
    cancelled: 'the release may be unblocked or not; the gate says which',
    act: async () => {
      const { actor, runUrl, runId, runAttempt } = runner.context;
      const inputs = readUnblockInputs(runner.input, runAttempt);
      const gate = await connect(inputs.token, runner);
      const request = { ...inputs, origin: { actor, runUrl, runId } };
      return stepEnd(toReport({ ...inputs, runUrl }, await unblockRelease({ gate, clock }, request)), clock.now());
    },
    stopped: ({ message }) => ({ ...NO_BLOCK, message: safeLine(message) }),
  });
}

function toReport(
  { release, scope, runUrl }: UnblockInputs & Pick<Origin, 'runUrl'>,
  unblocked: Unblocked,
): UnblockActionReport {
  const about = { release, scope, runUrl };
  switch (unblocked.kind) {
    case 'not-blocked':
      return { ...about, kind: 'not-blocked' };
    case 'refused':
      return { ...about, kind: 'refused', named: unblocked.named, closed: closedBy(release, unblocked.closing) };
    case 'written': {
      const { id, lifted, presumed, reason, standing } = unblocked;
      const closed = standing.kind === 'clear' ? undefined : closedBy(release, standing);
      const environment = lifted.kind === 'blocked' ? lifted.block.environment : '';
      return { ...about, kind: 'written', id, lifted: lifted.id, presumed, environment, reason, closed };
    }
  }
}

function stepEnd(report: UnblockActionReport, now: number): StepEnd {
  const message = messageOf(report);
  const written = report.kind === 'written';
  const fails = report.kind === 'refused' || (written && report.closed !== undefined);
  return {
    outputs: { block: written ? String(report.lifted) : '', changed: String(written), message: safeLine(message) },
    level: fails ? 'error' : 'info',
    title: `Release ${showRelease(report.release)} ${fails ? 'is still blocked' : 'is not blocked'}`,
    message,
    summary: formatUnblockSummary(report, now),
  };
}

function messageOf(report: UnblockActionReport): string {
  const release = showRelease(report.release);
  switch (report.kind) {
    case 'not-blocked':
      return `${release} is not blocked; nothing was written (names are compared exactly, and each scope has blocks of its own)`;
    case 'refused':
      return `nothing was written, since record ${report.named} is not what closes the gate: ${whyAndLift(report, report.closed)}`;
    case 'written': {
      const { id, lifted, presumed, closed } = report;
      if (!closed && presumed)
        return `record ${lifted} is not there; if it blocked ${release}, it no longer does: record ${id} lifts it`;
      if (!closed) return `${release} is unblocked: record ${id} lifts record ${lifted}`;
      // It closes the gate itself when its own writer is not trusted.
      const begin = closed.id === id ? 'nothing is lifted, since' : `record ${lifted} is lifted, but`;
      return `${begin} ${whyAndLift(report, closed)}`;
    }
  }
}
