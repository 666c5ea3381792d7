import { describe, expect, test } from '@jest/globals';
import { lastWriter, templateWritersBetween, writersBetween } from '../../src/rollout/last-writer.ts';
import type { Deployment, ManagedFields } from '../../src/rollout/objects.ts';
import { readFixture } from '../fixtures/load.ts';
import { deploymentOf } from '../release/workload.ts';

function writtenBy(...managedFields: readonly ManagedFields[]): Deployment {
  return { ...deploymentOf({}), metadata: { ...deploymentOf({}).metadata, managedFields } };
}

/** Applied, then `kubectl set image`, then `kubectl scale`; the controller's status came last. */
const { deployment: REAL } = readFixture('managed-fields');
const template = { 'f:spec': { 'f:template': {} } };
const EARLY: ManagedFields = { manager: 'a', time: '2026-11-21T10:00:00Z', fieldsV1: template };
const LATE: ManagedFields = { manager: 'b', time: '2026-11-21T10:00:01Z', fieldsV1: template };

describe('lastWriter', () => {
  test('is who wrote the template last, not who scaled or reported status later', () => {
    expect(lastWriter(REAL)).toMatch(/^kubectl-set at 2026-11-21T\d\d:\d\d:\d\dZ$/);
  });

  test.each<readonly [string, readonly ManagedFields[], string | undefined]>([
    ['the later one, whatever the order', [LATE, EARLY], 'b at 2026-11-21T10:00:01Z'],
    [
      'not somebody who wrote labels later',
      [EARLY, { ...LATE, fieldsV1: { 'f:metadata': {} } }],
      'a at 2026-11-21T10:00:00Z',
    ],
    ['nobody, without managed fields', [], undefined],
  ])('%s', (_, fields, writer) => {
    expect(lastWriter(writtenBy(...fields))).toBe(writer);
    expect(lastWriter(writtenBy(...[...fields].reverse()))).toBe(writer);
  });

  test('nobody, where the server keeps none', () => {
    expect(lastWriter(deploymentOf({}))).toBeUndefined();
  });
});

describe('writersBetween', () => {
  test('names kubectl scale, for which the server keeps no time', () => {
    const fields = REAL.metadata.managedFields ?? [];
    const before = writtenBy(...fields.filter(({ subresource }) => subresource !== 'scale'));
    expect(writersBetween(before, REAL)).toBe('kubectl (scale)');
  });

  test.each<readonly [string, Deployment, Deployment, string | undefined]>([
    ['one more', writtenBy(EARLY), writtenBy(EARLY, LATE), 'b at 2026-11-21T10:00:01Z'],
    [
      'the same one again',
      writtenBy(EARLY),
      writtenBy({ ...EARLY, time: '2026-11-21T10:09:00Z' }),
      'a at 2026-11-21T10:09:00Z',
    ],
    [
      'not the one who only lost fields to another',
      writtenBy(EARLY),
      writtenBy({ ...EARLY, fieldsV1: {} }, LATE),
      'b at 2026-11-21T10:00:01Z',
    ],
    ['two', writtenBy(), writtenBy(EARLY, LATE), 'a at 2026-11-21T10:00:00Z, b at 2026-11-21T10:00:01Z'],
    ['only the controller', writtenBy(EARLY), writtenBy(EARLY, { ...LATE, subresource: 'status' }), undefined],
    ['nobody', writtenBy(EARLY), writtenBy(EARLY), undefined],
    ['no managed fields', deploymentOf({}), deploymentOf({}), undefined],
  ])('%s', (_, before, after, writers) => {
    expect(writersBetween(before, after)).toBe(writers);
  });
});

describe('templateWritersBetween', () => {
  const ours: ManagedFields = { ...EARLY, manager: 'rollkey' };
  const sameSecond: ManagedFields = { ...ours, manager: 'kubectl-set' };
  const scaled: ManagedFields = { manager: 'kubectl', subresource: 'scale', fieldsV1: { 'f:spec': {} } };

  test.each<readonly [string, readonly ManagedFields[], string | undefined]>([
    ['another, in the same second as ours', [ours, sameSecond], 'kubectl-set at 2026-11-21T10:00:00Z'],
    ['nobody, where it was only scaled', [ours, scaled], undefined],
  ])('%s', (_, after, writers) => {
    expect(templateWritersBetween(writtenBy(ours), writtenBy(...after))).toBe(writers);
  });
});
