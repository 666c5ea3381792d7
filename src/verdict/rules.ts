import type { FailFast } from './policy.ts';

/** What can be seen of a release that may be failing. */
export type Sign =
  | 'image-name-invalid'
  | 'image-absent'
  | 'signature-refused'
  | 'pull-refused'
  | 'config-missing'
  | 'command-not-found'
  | 'out-of-memory'
  | 'crash'
  | 'relapse'
  | 'container-not-created'
  | 'admission-denied'
  | 'quota-exceeded'
  | 'creation-failed'
  | 'unschedulable'
  | 'pull-failed'
  | 'config-not-synced'
  | 'mounting'
  | 'evicted'
  | 'not-ready';

/** What makes a sign certain: all that is given must hold. */
export interface Proof {
  /** How often it was seen on one pod; once unless given. */
  readonly times?: number;
  /** On how many pods; one unless given. */
  readonly pods?: number | 'every';
  /** Milliseconds for which it must last without a break. */
  readonly lastingMs?: number;
}

export interface Rule {
  /** Milliseconds after which it is worth a warning. */
  readonly warnAfterMs?: number;
  /** Any of these makes it certain; none: it waits for the deadline. */
  readonly balanced: readonly Proof[];
  readonly strict: readonly Proof[];
}

const once: Proof = {};
const deadline: readonly Proof[] = [];
const times = (count: number): Proof => ({ times: count });
const onPods = (pods: number): Proof => ({ pods });
const lasting = (seconds: number): Proof => ({ lastingMs: seconds * 1000 });

/**
 * When a sign fails a release, the most telling first. What passes by itself waits for the deadline; what a missing
 * object, a late credential or a database that is still starting can cause has a grace; what cannot heal has none.
 */
export const RULES: Readonly<Record<Sign, Rule>> = {
  'image-name-invalid': { balanced: [once], strict: [once] },
  'image-absent': { balanced: [once], strict: [once] },
  'signature-refused': { balanced: [once], strict: [once] },
  // The kubelet shows its second try after some 27 s only.
  'pull-refused': { balanced: [times(2), onPods(2), lasting(10)], strict: [once] },
  // The kubelet looks again after 10 to 15 s (pod_workers.go, backOffPeriod): what came meanwhile shows after up to 16.3 s.
  'config-missing': { balanced: [lasting(18)], strict: [lasting(3)] },
  'command-not-found': { balanced: [times(2)], strict: [once] },
  'out-of-memory': { warnAfterMs: 0, balanced: [times(2)], strict: [once] },
  // Two crashes are what an application does that waits for its database.
  crash: { warnAfterMs: 0, balanced: [times(3)], strict: [times(3), { times: 2, pods: 'every' }] },
  // A crash of a pod that had been ready, when nobody serves the old release any more. Every pod may restart once.
  relapse: { warnAfterMs: 0, balanced: [times(2)], strict: [once] },
  'container-not-created': { balanced: [lasting(60)], strict: [lasting(10)] },
  'admission-denied': { balanced: [lasting(10)], strict: [lasting(2)] },
  'quota-exceeded': { balanced: [lasting(15)], strict: [lasting(3)] },
  'creation-failed': { warnAfterMs: 15_000, balanced: deadline, strict: deadline },
  unschedulable: { warnAfterMs: 15_000, balanced: deadline, strict: [lasting(60)] },
  'pull-failed': { warnAfterMs: 0, balanced: deadline, strict: deadline },
  'config-not-synced': { warnAfterMs: 60_000, balanced: deadline, strict: deadline },
  mounting: { warnAfterMs: 60_000, balanced: deadline, strict: deadline },
  // Whatever evicts each pod before it has served for a minute, the one after it as well, shows in no pod that is there.
  evicted: { warnAfterMs: 0, balanced: [onPods(3)], strict: [onPods(2)] },
  'not-ready': { balanced: deadline, strict: deadline },
};

/** What proves a sign at a level; nothing does where only the deadline counts. */
export function proofsOf(sign: Sign, level: FailFast): readonly Proof[] {
  return level === 'off' ? deadline : RULES[sign][level];
}
