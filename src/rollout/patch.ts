import { CHANGE_CAUSE } from './marks.ts';
import type { Deployment, Json, PodTemplate } from './objects.ts';

export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'test';
  readonly path: string;
  readonly value?: Json;
}

export interface TemplateChange {
  readonly release: string;
  readonly template: PodTemplate;
  /** Whether to end a pause in the same write, so that the release being left never grows. */
  readonly resume: boolean;
  /** Pods that may be missing meanwhile, where the Deployment's own limit would only slow things down. */
  readonly maxUnavailable?: number;
}

/**
 * The one write of a rollout: template and change-cause together, since a change-cause written apart relabels the old
 * ReplicaSet or is inherited by the new one. It tests uid and generation; unlike resourceVersion, generation is not moved
 * by the controller's status writes. Foreign annotations stay (kubectl's undo replaces the whole map).
 */
export function templatePatch(deployment: Deployment, change: TemplateChange): readonly PatchOperation[] {
  const { uid, generation, annotations } = deployment.metadata;
  const cause: PatchOperation = annotations
    ? { op: 'add', path: `/metadata/annotations/${escapePointer(CHANGE_CAUSE)}`, value: change.release }
    : { op: 'add', path: '/metadata/annotations', value: { [CHANGE_CAUSE]: change.release } };
  const resume: PatchOperation = { op: 'replace', path: '/spec/paused', value: false };
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/metadata/generation', value: generation ?? 0 },
    { op: 'replace', path: '/spec/template', value: change.template as unknown as Json },
    cause,
    ...(change.resume ? [resume] : []),
    ...(change.maxUnavailable === undefined ? [] : [limit(change.maxUnavailable)]),
  ];
}

/** Gives a borrowed limit back, unless somebody else changed it meanwhile. */
export function returnPatch(
  { metadata: { uid } }: Deployment,
  { maxUnavailable, lent }: { readonly maxUnavailable: number | string; readonly lent: number },
): readonly PatchOperation[] {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: MAX_UNAVAILABLE, value: lent },
    limit(maxUnavailable),
  ];
}

/** Stops a rollout where it is, as `kubectl rollout pause` does, as long as nobody changed the Deployment. */
export function pausePatch({ metadata: { uid, generation = 0 } }: Deployment): readonly PatchOperation[] {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/metadata/generation', value: generation },
    { op: 'add', path: '/spec/paused', value: true },
  ];
}

const MAX_UNAVAILABLE = '/spec/strategy/rollingUpdate/maxUnavailable';

function limit(maxUnavailable: number | string): PatchOperation {
  return { op: 'replace', path: MAX_UNAVAILABLE, value: maxUnavailable };
}

/** RFC 6901. */
function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
