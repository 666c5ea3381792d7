import { plainLine } from '../foreign/plain-text.ts';
import { redact } from '../foreign/redact.ts';
import type { BlockRecord } from '../gate/record.ts';
import { GATE_ENVIRONMENT, gateTask } from '../gate/task.ts';
import type { Clock, Gate } from '../ports.ts';

/** What a block says, but for what it always says. */
export type BlockSaid = Omit<BlockRecord, 'v' | 'kind' | 'at' | 'reason' | 'previous'> & { readonly reason: string };

const LONGEST_REASON = 500;

/** Writes a block after the newest record that is known of its release; gives its id. Throws GitHubError. */
export function writeBlock(
  { gate, clock }: { readonly gate: Gate; readonly clock: Clock },
  said: BlockSaid,
  previous: number | undefined,
  signal?: AbortSignal,
): Promise<number> {
  const reason = plainLine(redact(said.reason), LONGEST_REASON);
  const at = new Date(clock.now()).toISOString();
  const payload = {
    v: 1,
    kind: 'release-block',
    ...said,
    reason,
    at,
    ...(previous !== undefined && { previous }),
  } as const;
  return gate.append(
    {
      environment: GATE_ENVIRONMENT,
      task: gateTask(said.scope, said.release),
      payload,
      status: { state: 'failure', description: `blocked: ${reason}` },
    },
    signal,
  );
}
