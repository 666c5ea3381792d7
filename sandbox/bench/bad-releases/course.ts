/** A workload at a moment: what its Deployment asks for, and how many pods of each release serve. */
export interface Glance {
  /** Milliseconds. */
  readonly at: number;
  readonly wants: 'old' | 'new';
  /** Ready, and not on their way out. */
  readonly old: number;
  readonly new: number;
}

/** How a rollout went, in the milliseconds of its glances; undefined where it never came to that. */
export interface Course {
  /** When the template of the new release was first seen. */
  readonly leftAt: number | undefined;
  /** When the Deployment asked for the old release again, for good. */
  readonly backAt: number | undefined;
  /** When the old release served everything again, for good: asked for, every pod of it ready, and no pod of the new one. */
  readonly restoredAt: number | undefined;
  /** The fewest pods, of either release, that served at any moment. */
  readonly fewest: number;
}

/** Reads the course out of all glances from the start to the end. */
export function courseOf(glances: readonly Glance[], replicas: number): Course {
  const left = glances.findIndex(({ wants }) => wants === 'new');
  const after = left < 0 ? [] : glances.slice(left);
  const restored = ({ wants, old, new: fresh }: Glance) => wants === 'old' && old >= replicas && fresh === 0;
  return {
    leftAt: glances[left]?.at,
    backAt: sinceWhen(after, ({ wants }) => wants === 'old'),
    restoredAt: sinceWhen(after, restored),
    fewest: Math.min(...glances.map((glance) => glance.old + glance.new)),
  };
}

/** Since when something has been so without a break, up to the end. */
function sinceWhen(glances: readonly Glance[], is: (glance: Glance) => boolean): number | undefined {
  return glances[glances.findLastIndex((glance) => !is(glance)) + 1]?.at;
}
