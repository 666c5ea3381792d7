import { CHANGE_CAUSE } from './marks.ts';
import type { Deployment, Json } from './objects.ts';
import { fieldsPatch, type PatchOperation, type TemplateChange, templatePatch } from './patch.ts';

/** Gives a colour so many pods, as long as nobody changed it. */
export function scalePatch(deployment: Deployment, replicas: number): readonly PatchOperation[] {
  return [...fieldsPatch(deployment, {}), pods(replicas)];
}

/** Puts a release on a colour and gives it its pods in one write, so that none of the old template starts first. */
export function colourPatch(
  deployment: Deployment,
  change: TemplateChange,
  replicas: number,
): readonly PatchOperation[] {
  return [...templatePatch(deployment, change), ...(replicas === podsOf(deployment) ? [] : [pods(replicas)])];
}

/** Gives a colour back what it had before: template, change-cause and number of pods. */
export function restorePatch(now: Deployment, before: Deployment): readonly PatchOperation[] {
  const cause = before.metadata.annotations?.[CHANGE_CAUSE];
  const path = `/metadata/annotations/${CHANGE_CAUSE.replaceAll('/', '~1')}`;
  return [
    ...fieldsPatch(now, {}),
    { op: 'replace', path: '/spec/template', value: before.spec.template as unknown as Json },
    ...(cause === undefined
      ? now.metadata.annotations?.[CHANGE_CAUSE] === undefined
        ? []
        : [{ op: 'remove', path } as const]
      : [{ op: 'add', path, value: cause } as const]),
    pods(podsOf(before)),
  ];
}

/** How many pods a Deployment wants (kubernetes/kubernetes, apps/v1/defaults.go: one, where it does not say). */
export function podsOf({ spec }: Deployment): number {
  return spec.replicas ?? 1;
}

function pods(replicas: number): PatchOperation {
  return { op: 'add', path: '/spec/replicas', value: replicas };
}
