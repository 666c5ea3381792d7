import { describe, expect, test } from '@jest/globals';
import type { PodTemplate } from '../../src/rollout/objects.ts';
import { templateDiff } from '../../src/rollout/template-diff.ts';
import { podTemplate, replicaSetOf } from '../release/workload.ts';

const FROM = podTemplate({ image: 'web:1.0', stamp: '1.0', env: 'a' });

describe('templateDiff', () => {
  test('shows what changes, with the lines around it, and no file names', () => {
    expect(templateDiff(FROM, podTemplate({ image: 'web:1.1', stamp: '1.0', env: 'a' }))).toEqual([
      '@@ -8,5 +8,5 @@',
      '     - env:',
      '         - name: MODE',
      '           value: a',
      '-      image: web:1.0',
      '+      image: web:1.1',
      '       name: app',
    ]);
  });

  test.each<readonly [string, PodTemplate, PodTemplate]>([
    ['itself', FROM, podTemplate({ image: 'web:1.0', stamp: '1.0', env: 'a' })],
    ['other order of keys', FROM, { spec: FROM.spec, ...(FROM.metadata && { metadata: FROM.metadata }) }],
    ['the label of a ReplicaSet', podTemplate({}), replicaSetOf({}, 1).spec.template],
  ])('nothing: %s', (_, from, to) => {
    expect(templateDiff(from, to)).toEqual([]);
  });

  test('long and hostile values stay one line each', () => {
    const long = templateDiff(FROM, podTemplate({ image: 'web:1.0', stamp: '1.0', env: 'x'.repeat(5000) }));
    expect(long.filter((line) => line.startsWith('+'))).toHaveLength(1);
    const lines = templateDiff(
      FROM,
      podTemplate({ image: 'web:1.0', stamp: '1.0', env: 'a\n+forged: line\n@@ -1 +1 @@' }),
    );
    expect(lines.filter((line) => /^[+-]forged|^@@ -1 \+1/.test(line))).toEqual([]);
  });
});
