import { shorten } from './describe.ts';
import type { Sighting } from './signal.ts';

const QUOTA = /exceeded quota/i;

/** Somebody's rule said no, whatever else the words hold. */
const DENIED = /denied (the |this )?request|webhook "[^"]*" denied|violates PodSecurity/i;

/** The API server said no, unless it only could not ask. */
const REFUSED = /forbidden|invalid|not found|no PriorityClass/i;

/** What passes by itself. */
const PASSING =
  /fail(ed|ing) (to call|calling) webhook|time[d ]*[ -]?out|deadline exceeded|etcd|conflict|object has been modified|connection (refused|reset)|internal error|status unknown for quota|being terminated/i;

/** Sorts what the API server said when it would not make a pod, or a ReplicaSet. */
export function classifyRefusal(
  message: string,
  what: 'pod' | 'ReplicaSet',
): Pick<Sighting, 'sign' | 'code' | 'clause'> {
  const said = message
    .replace(/^Failed to create new replica set "[^"]*": /, '')
    .replace(/^(pods|replicasets\.apps) "[^"]*" is forbidden: /, '')
    .replace(/^Pod "[^"]*" is invalid: /, 'invalid: ');
  // Names prove nothing: a pod may be called `timeout-1`.
  const words = message.replaceAll(/"[^"]*"/g, '');
  if (QUOTA.test(message))
    return { sign: 'quota-exceeded', code: 'quota-exceeded', clause: shorten(`no ${what} can be made: ${said}`) };
  if (DENIED.test(message) || (REFUSED.test(words) && !PASSING.test(words)))
    return { sign: 'admission-denied', code: 'admission-denied', clause: shorten(`no ${what} is admitted: ${said}`) };
  return { sign: 'creation-failed', code: 'pods-not-created', clause: shorten(`no ${what} is made: ${said}`) };
}
