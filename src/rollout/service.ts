import type { KubernetesObject, PodTemplate, StringMap } from './objects.ts';
import type { PatchOperation } from './patch.ts';

/** A core/v1 Service, as far as it says which pods answer for it. */
export interface Service extends KubernetesObject {
  readonly spec: { readonly selector?: StringMap; readonly [field: string]: unknown };
}

/** Whether a Service sends requests to pods of a template; one without a selector sends none by itself. */
export function selects({ spec: { selector = {} } }: Service, template: PodTemplate): boolean {
  const labels = template.metadata?.labels ?? {};
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** The selector by which the Service selects pods of this template, with the same keys; undefined where one has no value. */
export function selectorFor({ spec: { selector = {} } }: Service, template: PodTemplate): StringMap | undefined {
  const labels = template.metadata?.labels ?? {};
  const keys = Object.keys(selector);
  if (keys.length === 0 || keys.some((key) => labels[key] === undefined)) return undefined;
  return Object.fromEntries(keys.map((key) => [key, labels[key] ?? '']));
}

export function sameSelector(a: StringMap = {}, b: StringMap = {}): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** `app=web, colour=blue` */
export function selectorText(selector: StringMap = {}): string {
  return Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

/**
 * Points a Service at other pods, as long as it is the same object and selects what it selected. Its resourceVersion is
 * no guard: whoever annotates the Service would move it.
 */
export function selectorPatch({ metadata, spec }: Service, selector: StringMap): readonly PatchOperation[] {
  return [
    { op: 'test', path: '/metadata/uid', value: metadata.uid },
    { op: 'test', path: '/spec/selector', value: spec.selector ?? {} },
    { op: 'replace', path: '/spec/selector', value: selector },
  ];
}
