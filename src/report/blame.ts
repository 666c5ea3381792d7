import { lastWords } from '../foreign/last-words.ts';
import { plainLine } from '../foreign/plain-text.ts';
import { passes } from '../outcome.ts';
import type { Evidence, Result, WorkloadResult } from '../result.ts';
import type { Cause, CauseCode } from '../verdict/cause.ts';

/** What a container says last tells why only where it ran, and ended against its will. */
const ENDED: readonly CauseCode[] = ['container-crashed', 'out-of-memory'];

/** The events of kubelets that say what a probe got to see (pkg/kubelet/prober/prober.go). */
const PROBES: Readonly<Partial<Record<CauseCode, RegExp>>> = {
  'not-ready': /^(?:\d+ times )?Warning Unhealthy \S+: ((?:Readiness|Startup) probe .*)/,
  'liveness-failed': /^(?:\d+ times )?Warning Unhealthy \S+: ((?:Liveness|Startup) probe .*)/,
};

const LONGEST_WORDS = 160;

/** The workloads where it went wrong; without those that had to share the lot of their train. */
export function guilty(workloads: readonly WorkloadResult[]): readonly WorkloadResult[] {
  return workloads.filter(({ outcome, reasonCode }) => !passes(outcome) && reasonCode !== 'train-failed');
}

/** All workloads, those first where it went wrong. */
export function guiltyFirst(workloads: readonly WorkloadResult[]): readonly WorkloadResult[] {
  const first = guilty(workloads);
  return [...first, ...workloads.filter((workload) => !first.includes(workload))];
}

/** Why a release failed, in one clause: `container app exits 3, 4 restarts: "boom"`; empty where nothing tells. Foreign text. */
export function whyFailed(result: Result): string {
  if (result.reasonCode === 'check-failed') return failedCheck(result);
  if (result.reasonCode.startsWith('check-')) return result.message;
  return (
    guilty(result.workloads)
      .map(causeOf)
      .find((clause) => clause !== '') ?? ''
  );
}

/** The cause of one workload's failure, with what its container or its probe said last; empty where nothing tells. Foreign text. */
export function causeOf({ cause, evidence }: WorkloadResult): string {
  if (!cause) return '';
  const clause = cause.message;
  const words = evidence ? wordsOn(cause, evidence) : '';
  return words === '' || clause.includes(words) ? clause : `${clause}: "${words}"`;
}

function wordsOn(cause: Cause, evidence: Evidence): string {
  const probe = PROBES[cause.code];
  if (probe)
    return plainLine(evidence.events.findLast((event) => probe.test(event))?.match(probe)?.[1] ?? '', LONGEST_WORDS);
  return ENDED.includes(cause.code) ? lastWords(evidence, cause) : '';
}

function failedCheck({ checks }: Result): string {
  const failed = checks.find(({ state }) => state === 'failed');
  return failed ? `check ${failed.name} failed: ${failed.message}` : '';
}
