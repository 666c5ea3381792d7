import type { PodTemplate } from './objects.ts';

export interface Reference {
  readonly resource: 'configmaps' | 'secrets';
  readonly name: string;
}

/**
 * The ConfigMaps and Secrets without which pods of this template cannot start: in volumes, projected volumes, envFrom
 * and env, except where the template calls them optional. Each once, in the order of the template.
 */
export function referencesOf(template: PodTemplate): readonly Reference[] {
  const { volumes, containers, initContainers = [] } = template.spec;
  const found = [
    ...list(volumes).flatMap(volumeReferences),
    ...[...initContainers, ...containers].flatMap((container) => environmentReferences(container)),
  ];
  return [...new Map(found.map((reference) => [`${reference.resource}/${reference.name}`, reference])).values()];
}

function volumeReferences(volume: Fields): readonly Reference[] {
  const sources = list(fields(volume['projected'])['sources']);
  return [
    ...reference('configmaps', volume['configMap'], 'name'),
    ...reference('secrets', volume['secret'], 'secretName'),
    ...sources.flatMap((source) => [
      ...reference('configmaps', source['configMap'], 'name'),
      ...reference('secrets', source['secret'], 'name'),
    ]),
  ];
}

function environmentReferences(container: object): readonly Reference[] {
  const { envFrom, env } = fields(container);
  return [
    ...list(envFrom).flatMap((from) => [
      ...reference('configmaps', from['configMapRef'], 'name'),
      ...reference('secrets', from['secretRef'], 'name'),
    ]),
    ...list(env).flatMap((variable) => {
      const from = fields(variable['valueFrom']);
      return [
        ...reference('configmaps', from['configMapKeyRef'], 'name'),
        ...reference('secrets', from['secretKeyRef'], 'name'),
      ];
    }),
  ];
}

type Fields = Readonly<Record<string, unknown>>;

function reference(resource: Reference['resource'], source: unknown, key: string): readonly Reference[] {
  const { [key]: name, optional } = fields(source);
  return typeof name === 'string' && optional !== true ? [{ resource, name }] : [];
}

function fields(value: unknown): Fields {
  return value !== null && typeof value === 'object' ? (value as Fields) : {};
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}
