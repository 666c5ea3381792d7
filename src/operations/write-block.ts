import { publicReason } from '../foreign/public-reason.ts';
import type { BlockRecord } from '../gate/record.ts';
import { GATE_ENVIRONMENT, gateTask } from '../gate/task.ts';
import type { Clock, Gate } from '../ports.ts';

/** What a block says, but for what it always says. */
export type BlockSaid = Omit<BlockRecord, 'v' | 'kind' | 'at' | 'previous'>;

/** Writes a block after the newest record that is known of its release; gives its id. Throws GitHubError. */
export function writeBlock(
  { gate, clock }: { readonly gate: Gate; readonly clock: Clock },
  said: BlockSaid,
  previous: number | undefined,
  signal?: AbortSignal,
): Promise<number> {
  const reason = publicReason(said.reason);
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
