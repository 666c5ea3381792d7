import type { RolloutFields } from './loan.ts';
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
  /** What goes with it: the end of a pause, so that the release being left never grows; limits that are lent or given back. */
  readonly fields: RolloutFields;
}

/**
 * The one write of a rollout: template and change-cause together, since a change-cause written apart relabels the old
 * ReplicaSet or is inherited by the new one. Foreign annotations stay (kubectl's undo replaces the whole map).
 */
export function templatePatch(deployment: Deployment, change: TemplateChange): readonly PatchOperation[] {
  const cause: PatchOperation = deployment.metadata.annotations
    ? { op: 'add', path: `/metadata/annotations/${escapePointer(CHANGE_CAUSE)}`, value: change.release }
    : { op: 'add', path: '/metadata/annotations', value: { [CHANGE_CAUSE]: change.release } };
  return [
    ...unchanged(deployment),
    { op: 'replace', path: '/spec/template', value: change.template as unknown as Json },
    cause,
    ...settings(deployment, change.fields),
  ];
}

/** Sets fields of a Deployment, as long as nobody changed it. */
export function fieldsPatch(deployment: Deployment, fields: RolloutFields): readonly PatchOperation[] {
  return [...unchanged(deployment), ...settings(deployment, fields)];
}

/** Unlike resourceVersion, generation is not moved by the controller's status writes. */
function unchanged({ metadata: { uid, generation = 0 } }: Deployment): readonly PatchOperation[] {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/metadata/generation', value: generation },
  ];
}

const PATHS: Readonly<Record<keyof RolloutFields, string>> = {
  maxSurge: '/spec/strategy/rollingUpdate/maxSurge',
  maxUnavailable: '/spec/strategy/rollingUpdate/maxUnavailable',
  minReadySeconds: '/spec/minReadySeconds',
  progressDeadlineSeconds: '/spec/progressDeadlineSeconds',
  paused: '/spec/paused',
  partition: '/spec/updateStrategy/rollingUpdate/partition',
};

/** `add` sets a field whether or not it is there (RFC 6902, 4.1). */
function settings({ spec }: Deployment, fields: RolloutFields): readonly PatchOperation[] {
  const names = Object.keys(PATHS) as readonly (keyof RolloutFields)[];
  return names.flatMap((name): readonly PatchOperation[] => {
    const value = fields[name];
    if (value === undefined) return [];
    // The API server fills in no rollingUpdate where only the type is given.
    if (name === 'partition' && !spec.updateStrategy?.rollingUpdate)
      return [{ op: 'add', path: '/spec/updateStrategy/rollingUpdate', value: { partition: value } }];
    return [{ op: 'add', path: PATHS[name], value }];
  });
}

/** RFC 6901. */
function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
