import type { Cause, CauseCode } from '../verdict/cause.ts';
import type { Evidence } from '../verdict/evidence.ts';
import { lastWords } from './last-words.ts';
import { plainLine } from './plain-text.ts';

/** What a container says last tells why only where it ran, and ended against its will. */
const ENDED: readonly CauseCode[] = ['container-crashed', 'out-of-memory'];

/** The events that say what a probe got to see (pkg/kubelet/prober/prober.go), or what a pod's containers wait for. */
const SEEN: Readonly<Partial<Record<CauseCode, RegExp>>> = {
  'not-ready': /^(?:\d+ times )?Warning Unhealthy \S+: ((?:Readiness|Startup) probe .*)/,
  'volume-not-mounted': /^(?:\d+ times )?Warning Failed(?:Mount|AttachVolume|CreatePodSandBox) \S+: (.*)/,
};

/** What the probe got to see that a container was ended by. */
const PROBED = /^(?:\d+ times )?Warning Unhealthy \S+: ((?:Liveness|Startup) probe .*)/;

/** The kubelet ends a container whose liveness or startup probe fails (pkg/kubelet/kuberuntime/kuberuntime_manager.go). */
const KILLED = /^(?:\d+ times )?Normal Killing \S+: (?:Init c|C)ontainer (\S+) failed (?:liveness|startup) probe/;

const LONGEST = 160;

/**
 * What says more about a cause than its own words do, in one line: what the container wrote last before it died, what
 * its probe got to see, or what could not be mounted. Empty where nothing does. Foreign text.
 */
export function tellingWords(evidence: Pick<Evidence, 'events' | 'logs'>, cause: Cause): string {
  const words = ENDED.includes(cause.code) ? wordsOfEnded(evidence, cause) : eventWords(evidence, SEEN[cause.code]);
  return cause.message.includes(words) ? '' : words;
}

/** What ends because the kubelet says so does not know why. */
function wordsOfEnded(evidence: Pick<Evidence, 'events' | 'logs'>, cause: Cause): string {
  const isKilled =
    cause.code === 'container-crashed' && evidence.events.some((event) => KILLED.exec(event)?.[1] === cause.container);
  return (isKilled && eventWords(evidence, PROBED)) || lastWords(evidence, cause);
}

function eventWords({ events }: Pick<Evidence, 'events'>, seen: RegExp | undefined): string {
  const all = events.map((event) => seen?.exec(event)?.[1] ?? '');
  return plainLine(all.findLast((words) => words !== '') ?? '', LONGEST);
}
