import type { Desk } from '../../desk/desk.ts';
import type { WebWorkload } from '../../desk/web-workload.ts';

/** A bad release as a tool gets it: release 1.1 of a healthy Deployment `web` of release 1.0. */
export interface Assignment {
  /** What runs healthily. */
  readonly workload: WebWorkload;
  /** Lines `container=image` of what 1.1 changes. */
  readonly images: string;
}

/** What a tool did about it, by itself. Times are of `performance.now()`. */
export interface Attempt {
  readonly startedAt: number;
  readonly endedAt: number;
  /** When it first said that the release is bad; undefined where it never did. */
  readonly verdictAt: number | undefined;
  /** Whether its step passes. */
  readonly passed: boolean;
  /** How its step ends; with the action's outcome and reason code. Markdown. */
  readonly outcome: string;
  /** What it says first, or last, about why. Markdown. */
  readonly headline: string;
}

/** A tool that is given the bad releases. */
export interface Contender {
  readonly name: 'balanced' | 'strict' | 'kubectl' | 'helm';
  /** Brings the healthy release into the desk's namespace, complete. */
  readonly install: (desk: Desk, workload: WebWorkload) => Promise<void>;
  /** Rolls the bad one out. */
  readonly attempt: (desk: Desk, assignment: Assignment) => Promise<Attempt>;
}
