import { errorMessage } from '../errors.ts';
import type { CommandThere } from '../gate/gate-commands.ts';
import type { BlockReport } from '../gate/gate-report.ts';
import type { Runner } from '../github/runner.ts';
import { readEnvironmentTerms } from '../inputs/gate-terms.ts';
import { openBlocking } from '../operations/blocking.ts';
import type { OwedBlock } from '../operations/roll-workload.ts';
import type { Clock } from '../ports.ts';
import { safeLine } from '../report/log-line.ts';
import { missingBlockLine } from '../report/missing-block.ts';
import type { OpenGate } from './train.ts';

const MISSING = 'A block is missing';

/**
 * Writes the blocks that a run had begun and not got acknowledged: `kept` is what it remembered, empty where it owed
 * none. Tries for some seconds. Never throws.
 */
export async function finishBlocking(kept: string, runner: Runner, openGate: OpenGate, clock: Clock): Promise<void> {
  if (kept === '') return;
  try {
    const owed = JSON.parse(kept) as readonly OwedBlock[];
    const { log, interrupt, context } = runner;
    const { terms } = readEnvironmentTerms(runner.input);
    const gate = openGate(terms.token, runner);
    const ports = { log, interrupt, clock, gate, secrets: [], rememberBlocks: () => undefined };
    const blocking = openBlocking(ports, { ...context, ...terms, blockOnRollback: true });
    for (const { release, reason } of owed) blocking.begin(release, reason);
    for (const report of await blocking.settled()) tell(runner, { ...context, ...terms }, report);
  } catch (error) {
    const message = safeLine(`a release was to be blocked and is not: ${errorMessage(error)}; block it with block/`);
    runner.annotate({ level: 'error', title: MISSING, message });
  }
}

function tell(
  runner: Runner,
  there: Omit<CommandThere, 'release'>,
  { release, state, id, problem }: BlockReport,
): void {
  runner.annotate(
    state === 'missing'
      ? { level: 'error', title: MISSING, message: safeLine(missingBlockLine({ ...there, release }, problem)) }
      : {
          level: 'notice',
          title: 'A block was made up for',
          message: safeLine(`${release} is blocked (record ${id})`),
        },
  );
}
