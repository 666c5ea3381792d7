import { type Board, boardOf } from '../gate/board.ts';
import { deployTask, GATE_ENVIRONMENT } from '../gate/task.ts';
import type { Trust } from '../gate/trust.ts';
import type { Gate } from '../ports.ts';

/** How many records the board looks back: five of GitHub's pages. */
export const MOST_RECORDS = 500;

/** What runs where in a scope, and what is blocked, as far as its newest records say. Throws GitHubError. */
export async function readBoard(gate: Gate, scope: string, trust: Trust, signal?: AbortSignal): Promise<Board> {
  const enough = (records: readonly unknown[]) => records.length >= MOST_RECORDS;
  const [deployed, blocks] = await Promise.all([
    gate.read({ task: deployTask(scope) }, enough, signal),
    gate.read({ environment: GATE_ENVIRONMENT }, enough, signal),
  ]);
  return boardOf(scope, { deployed, gate: blocks, cut: enough(deployed) || enough(blocks) }, trust);
}
