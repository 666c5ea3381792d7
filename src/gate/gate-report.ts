import type { Closed } from './rule.ts';

/** A release that the run wanted blocked at the gate. */
export interface BlockReport {
  readonly release: string;
  /** `stood`: it was blocked before. `missing`: nothing keeps it from the next environment. */
  readonly state: 'written' | 'stood' | 'missing';
  /** The record that blocks it. */
  readonly id?: number;
  readonly reason: string;
  /** Why it is missing; empty otherwise. Foreign text. */
  readonly problem: string;
}

/** What the promotion gate had to do with a run. */
export interface GateReport {
  /** `off`: there is no token. `not-asked`: nothing was about to enter. `unknown`: it gave no answer, and was not needed. */
  readonly answer: 'off' | 'not-asked' | 'open' | 'closed' | 'unknown';
  /** Why it is closed. */
  readonly closed?: Closed;
  /** When it said so, ISO 8601. */
  readonly askedAt?: string;
  readonly blocks: readonly BlockReport[];
  /** One sentence each. Foreign text. */
  readonly warnings: readonly string[];
}
