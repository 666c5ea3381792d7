import type { Closed } from './rule.ts';

/** A release that the run wanted blocked at the gate. */
export type BlockReport = BlockEnd & {
  readonly release: string;
  readonly reason: string;
  /** Why it is missing; empty otherwise. Foreign text. */
  readonly problem: string;
};

/** `stood`: it was blocked before. `missing`: nothing keeps it from the next environment. `id` is the record's. */
type BlockEnd =
  | { readonly state: 'written' | 'stood'; readonly id: number }
  | { readonly state: 'missing'; readonly id?: never };

/** What the promotion gate had to do with a run. */
export type GateReport = Answer & {
  readonly blocks: readonly BlockReport[];
  /** Releases that were to be blocked where there is no token to do it with; absent for none. */
  readonly unblocked?: readonly string[];
  /** One sentence each. Foreign text. */
  readonly warnings: readonly string[];
};

/**
 * `off`: there is no token. `not-asked`: nothing was about to enter. `unknown`: it gave no answer, and was not needed.
 * `askedAt` is when it answered, ISO 8601.
 */
type Answer =
  | { readonly answer: 'off' | 'not-asked' | 'open' | 'unknown' }
  | { readonly answer: 'closed'; readonly closed: Closed; readonly askedAt: string };

/** Why the gate stopped a run; undefined where it did not. */
export function closedIn(gate: GateReport): Closed | undefined {
  return gate.answer === 'closed' ? gate.closed : undefined;
}
