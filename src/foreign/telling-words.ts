import type { Evidence } from '../result.ts';
import type { Cause, CauseCode } from '../verdict/cause.ts';
import { lastWords } from './last-words.ts';
import { plainLine } from './plain-text.ts';

/** What a container says last tells why only where it ran, and ended against its will. */
const ENDED: readonly CauseCode[] = ['container-crashed', 'out-of-memory'];

/** The events of kubelets that say what a probe got to see (pkg/kubelet/prober/prober.go). */
const PROBES: Readonly<Partial<Record<CauseCode, RegExp>>> = {
  'not-ready': /^(?:\d+ times )?Warning Unhealthy \S+: ((?:Readiness|Startup) probe .*)/,
  'liveness-failed': /^(?:\d+ times )?Warning Unhealthy \S+: ((?:Liveness|Startup) probe .*)/,
};

const LONGEST = 160;

/**
 * What says more about a cause than its own words do, in one line: what the container wrote last before it died, or what
 * its probe got to see. Empty where nothing does. Foreign text.
 */
export function tellingWords(evidence: Pick<Evidence, 'events' | 'logs'>, cause: Cause): string {
  const words = ENDED.includes(cause.code) ? lastWords(evidence, cause) : probeWords(evidence, cause);
  return cause.message.includes(words) ? '' : words;
}

function probeWords({ events }: Pick<Evidence, 'events'>, { code }: Cause): string {
  const seen = events.map((event) => PROBES[code]?.exec(event)?.[1] ?? '');
  return plainLine(seen.findLast((words) => words !== '') ?? '', LONGEST);
}
