import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { POD_TEMPLATE_HASH, RELEASE_STAMP, RESTARTED_AT } from './marks.ts';
import type { PodTemplate, StringMap } from './objects.ts';

/**
 * Whether the Deployment controller takes both for one ReplicaSet: equal but for the label `pod-template-hash`
 * (kubernetes/kubernetes, deployment_util.go, EqualIgnoreHash).
 */
export function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return isDeepStrictEqual(normal(withoutHash(a)), normal(withoutHash(b)));
}

/** Tells of any template whether it is the same as this one; each object is looked at once, however often it is asked about. */
export function templateMatcher(template: PodTemplate): (other: PodTemplate) => boolean {
  const known = new WeakMap<PodTemplate, boolean>();
  return (other) => {
    const matches = known.get(other) ?? sameTemplate(other, template);
    known.set(other, matches);
    return matches;
  };
}

/** Whether both run the same bits: equal but for the hash, the release's stamp and the time of a restart. */
export function sameBits(a: PodTemplate, b: PodTemplate): boolean {
  return canonical(bits(a)) === canonical(bits(b));
}

/** SHA-256 over the bits of a template, in hexadecimal: the same for every release with the same bits. */
export function templateDigest(template: PodTemplate): string {
  return createHash('sha256')
    .update(canonical(bits(template)))
    .digest('hex');
}

/** The template as it goes back into a Deployment: a ReplicaSet's own label `pod-template-hash` is the controller's. */
export function withoutHash(template: PodTemplate): PodTemplate {
  const { [POD_TEMPLATE_HASH]: _hash, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** The template with the release's name on its pods. */
export function stamped(template: PodTemplate, release: string): PodTemplate {
  return annotated(template, { [RELEASE_STAMP]: release });
}

/** The template that makes Kubernetes replace every pod; `at` is an ISO 8601 time, as `kubectl rollout restart` writes it. */
export function restarted(template: PodTemplate, at: string): PodTemplate {
  return annotated(template, { [RESTARTED_AT]: at });
}

/** Image by container, init containers included: their names share one space. */
export function imagesOf(template: PodTemplate): StringMap {
  const containers = [...(template.spec.initContainers ?? []), ...template.spec.containers];
  return Object.fromEntries(containers.map(({ name, image }) => [name, image ?? '']));
}

/** `app=web:1.0, proxy=envoy:3`, for people. */
export function formatImages(images: StringMap): string {
  return Object.entries(images)
    .map(([container, image]) => `${container}=${image}`)
    .join(', ');
}

function annotated(template: PodTemplate, annotations: StringMap): PodTemplate {
  return {
    ...template,
    metadata: { ...template.metadata, annotations: { ...template.metadata?.annotations, ...annotations } },
  };
}

function bits(template: PodTemplate): PodTemplate {
  const { [RELEASE_STAMP]: _stamp, [RESTARTED_AT]: _restart, ...annotations } = template.metadata?.annotations ?? {};
  return withoutHash({ ...template, metadata: { ...template.metadata, annotations } });
}

/** JSON with sorted keys. */
function canonical(template: PodTemplate): string {
  return JSON.stringify(normal(template), sortKeys);
}

/** The API server omits empty maps of metadata, so an empty one counts as absent. */
function normal(template: PodTemplate): PodTemplate {
  const metadata = Object.entries(template.metadata ?? {}).filter(([, map]) => map && Object.keys(map).length > 0);
  return { ...template, metadata: Object.fromEntries(metadata) };
}

function sortKeys(_key: string, part: unknown): unknown {
  if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
}
