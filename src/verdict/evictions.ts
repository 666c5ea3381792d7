import type { Pod } from '../rollout/objects.ts';
import { shorten } from './describe.ts';
import type { Memory } from './memory.ts';
import { referenceTo, type Sighting } from './signal.ts';

/**
 * How the kubelet says that a pod went beyond a limit of its own; a node that lacks something says "The node was low on
 * resource" (kubernetes/kubernetes, pkg/kubelet/eviction/helpers.go).
 */
const OWN_LIMIT =
  /^(Pod ephemeral local storage usage exceeds|Container \S+ exceeded its local ephemeral storage limit|Usage of EmptyDir volume .+ exceeds the limit)/;

/** Milliseconds. The kubelet looks about every 10 s at what a pod stores; one that fills it after hours is another story. */
const SERVED_MS = 60_000;

/** Adds the pods that were evicted by a limit of their own since they were first seen, and before they had served. */
export function rememberEvictions(
  before: Pick<Memory, 'evicted' | 'incarnations'>,
  pods: readonly Pod[],
  now: number,
): Memory['evicted'] {
  const evicted = pods.filter(({ metadata, status = {} }) => {
    const seen = before.incarnations[metadata.uid];
    const hasServed = seen?.readyAt !== undefined && now - seen.readyAt >= SERVED_MS;
    return seen && !hasServed && status.reason === 'Evicted' && OWN_LIMIT.test(status.message ?? '');
  });
  return { ...before.evicted, ...Object.fromEntries(evicted.map((pod) => [pod.metadata.uid, sightingOf(pod)])) };
}

function sightingOf(pod: Pod): Sighting {
  const clause = shorten(`evicted: ${pod.status?.message ?? ''}`);
  return { sign: 'evicted', code: 'pod-evicted', pod: referenceTo(pod), container: '', times: 1, clause };
}
