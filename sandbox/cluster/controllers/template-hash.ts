import { isSameJson } from '../model/json-equality.ts';
import type { PodTemplate } from '../model/workload-objects.ts';
import { safeEncode } from '../registry/name-suffix.ts';

export const hashLabel = 'pod-template-hash';

/** 32 bits of FNV-1a over the canonical template and the collision count, in the letters of generated names. */
export const templateHash = (template: PodTemplate, collisionCount: number): string => {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(canonical(template) + (collisionCount || '')))
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return safeEncode(hash);
};

/** Whether two templates are the same apart from the label the controller adds (`EqualIgnoreHash`). */
export const equalIgnoringHash = (a: PodTemplate, b: PodTemplate): boolean =>
  isSameJson(withoutHash(a), withoutHash(b));

/** The template with the controller's label added. */
export const withHash = (template: PodTemplate, hash: string): PodTemplate => ({
  ...template,
  metadata: { ...template.metadata, labels: { ...template.metadata?.labels, [hashLabel]: hash } },
});

const withoutHash = ({ metadata = {}, ...rest }: PodTemplate) => {
  const { [hashLabel]: _, ...labels } = metadata.labels ?? {};
  const { annotations = {}, ...others } = metadata;
  return { ...rest, metadata: { ...others, annotations, labels } };
};

const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join()}}`;
};
