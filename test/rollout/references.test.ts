import { describe, expect, test } from '@jest/globals';
import type { Container, PodTemplate } from '../../src/rollout/objects.ts';
import { referencesOf } from '../../src/rollout/references.ts';
import { readFixture } from '../fixtures/load.ts';

function inVolume(volume: object): PodTemplate {
  return { spec: { volumes: [{ name: 'v', ...volume }], containers: [] } };
}

function inContainer(fields: object): PodTemplate {
  return { spec: { containers: [{ name: 'app', ...fields } as Container] } };
}

describe('referencesOf', () => {
  test.each<readonly [string, PodTemplate, readonly string[]]>([
    ['a ConfigMap volume', inVolume({ configMap: { name: 'c' } }), ['configmaps/c']],
    ['a Secret volume', inVolume({ secret: { secretName: 's' } }), ['secrets/s']],
    ['an optional one', inVolume({ secret: { secretName: 's', optional: true } }), []],
    ['one that is not optional', inVolume({ configMap: { name: 'c', optional: false } }), ['configmaps/c']],
    [
      'a projected volume',
      inVolume({
        projected: {
          sources: [
            { configMap: { name: 'c' } },
            { secret: { name: 's' } },
            { serviceAccountToken: { path: 't' } },
            { secret: { name: 'o', optional: true } },
          ],
        },
      }),
      ['configmaps/c', 'secrets/s'],
    ],
    [
      'envFrom',
      inContainer({
        envFrom: [
          { configMapRef: { name: 'c' } },
          { secretRef: { name: 's' } },
          { secretRef: { name: 'o', optional: true } },
        ],
      }),
      ['configmaps/c', 'secrets/s'],
    ],
    [
      'env',
      inContainer({
        env: [
          { name: 'A', value: 'x' },
          { name: 'B', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } },
          { name: 'C', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
          { name: 'D', valueFrom: { secretKeyRef: { name: 'o', key: 'k', optional: true } } },
          { name: 'E', valueFrom: { fieldRef: { fieldPath: 'x' } } },
        ],
      }),
      ['configmaps/c', 'secrets/s'],
    ],
    [
      'an init container',
      {
        spec: { initContainers: [{ name: 'i', envFrom: [{ secretRef: { name: 's' } }] } as Container], containers: [] },
      },
      ['secrets/s'],
    ],
    ['other volumes', inVolume({ emptyDir: {} }), []],
    [
      'what makes no sense',
      { spec: { volumes: 'x', containers: [{ name: 'app', env: null, envFrom: [null, 7] } as unknown as Container] } },
      [],
    ],
  ])('%s', (_, template, references) => {
    expect(referencesOf(template).map(({ resource, name }) => `${resource}/${name}`)).toEqual(references);
  });

  test('each once, and a name may stand for both', () => {
    const template = {
      spec: {
        ...inVolume({ configMap: { name: 'x' } }).spec,
        ...inContainer({ envFrom: [{ configMapRef: { name: 'x' } }, { secretRef: { name: 'x' } }] }).spec,
        volumes: inVolume({ configMap: { name: 'x' } }).spec['volumes'],
      },
    };
    expect(referencesOf(template)).toEqual([
      { resource: 'configmaps', name: 'x' },
      { resource: 'secrets', name: 'x' },
    ]);
  });

  test('a plain workload names none', () => {
    expect(referencesOf(readFixture('healthy').deployment.spec.template)).toEqual([]);
  });
});
