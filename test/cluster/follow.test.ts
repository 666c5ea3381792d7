import { describe, expect, test } from '@jest/globals';
import { createClock } from '../../src/clock.ts';
import { follow, nothingTold, type Source } from '../../src/cluster/follow.ts';
import { ClusterError } from '../../src/errors.ts';
import type { KubernetesObject } from '../../src/rollout/objects.ts';
import { bookmark, change, expired, list, object, run } from './scripted-source.ts';

const forbidden = new ClusterError('forbidden', 'pods in shop: forbidden to watch; add …');
const unreachable = new ClusterError('unreachable', 'cluster https://c: no answer');

describe('follow', () => {
  test('lists, then watches from the version of the list', async () => {
    const { seen, calls } = await run({
      lists: [list('10', object('a', '3'))],
      watches: [
        { batches: [[change('MODIFIED', 'a', '11')], [change('ADDED', 'b', '12')], [change('DELETED', 'a', '13')]] },
      ],
    });
    expect(seen).toEqual(['a@3', 'a@11', 'a@11 b@12', 'b@12']);
    expect(calls).toEqual(['list', 'watch 10', 'watch 13']);
  });

  test('starts from what is known without a list', async () => {
    const { seen, calls } = await run({ known: list('10', object('a', '3')) });
    expect(seen).toEqual(['a@3']);
    expect(calls).toEqual(['watch 10']);
  });

  test('yields once for events that came together', async () => {
    const batches = [[change('ADDED', 'b', '11'), change('ADDED', 'c', '12'), change('DELETED', 'b', '13')]];
    expect((await run({ known: list('10'), watches: [{ batches }] })).seen).toEqual(['', 'c@12']);
  });

  test('resumes from a bookmark, which changes nothing', async () => {
    const { seen, calls } = await run({
      known: list('10', object('a', '3')),
      watches: [{ batches: [[bookmark('50')]] }],
    });
    expect(seen).toEqual(['a@3']);
    expect(calls).toEqual(['watch 10', 'watch 50']);
  });

  test('lists again after 410, and yields only a set that changed', async () => {
    const { seen, calls } = await run({
      known: list('10', object('a', '3')),
      lists: [list('90', object('a', '3')), list('95', object('b', '94'))],
      watches: [{ batches: [[expired]] }, { batches: [[expired]] }],
    });
    expect(seen).toEqual(['a@3', 'b@94']);
    expect(calls).toEqual(['watch 10', 'list', 'watch 90', 'list', 'watch 95']);
  });

  test('keeps what came with an error event, then lists', async () => {
    const { seen, calls } = await run({
      known: list('10'),
      lists: [list('90')],
      watches: [{ batches: [[change('ADDED', 'a', '11'), expired]] }],
    });
    expect(seen).toEqual(['', 'a@11', '']);
    expect(calls).toEqual(['watch 10', 'list', 'watch 90']);
  });

  test('resumes where a broken watch was', async () => {
    const { calls, warnings } = await run({
      known: list('10'),
      watches: [{ batches: [[change('ADDED', 'a', '11')]], error: new Error('ECONNRESET') }],
    });
    expect(calls).toEqual(['watch 10', 'watch 11']);
    expect(warnings).toEqual([]);
  });

  test('waits longer each time a watch closes at once, and not after one that lived', async () => {
    const watches = [{}, {}, {}, {}, {}, {}, {}, {}, { after: 300_000 }, {}];
    const { slept } = await run({ known: list('10'), watches });
    expect(slept.filter((ms) => ms !== 300_000)).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000, 50, 100]);
  });

  test('does not storm a server that answers every watch with 410', async () => {
    const watches = Array.from({ length: 8 }, () => ({ batches: [[expired]] }));
    const lists = Array.from({ length: 8 }, () => list('10'));
    const { slept } = await run({ known: list('10'), lists, watches });
    expect(slept).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  test('waits for an API server that cannot be reached, saying so once for each outage', async () => {
    const { seen, warnings } = await run({
      lists: [unreachable, unreachable, unreachable, list('10', object('a', '3')), unreachable],
      watches: [{ refused: true, error: unreachable }, { batches: [[expired]] }],
    });
    expect(seen).toEqual(['a@3']);
    expect(warnings).toEqual(Array(3).fill('cluster https://c: no answer (waiting for it)'));
  });

  test.each(['forbidden', 'unauthorized', 'rejected'] as const)('throws a list that is %s', async (kind) => {
    await expect(run({ lists: [new ClusterError(kind, 'no')] })).rejects.toMatchObject({ kind });
  });

  test('polls every 2 s where watching is forbidden', async () => {
    const { seen, calls, warnings, slept } = await run({
      known: list('10', object('a', '3')),
      watches: [{ refused: true, error: forbidden }],
      lists: [list('11', object('a', '3')), list('12', object('a', '12')), list('13', object('a', '12'))],
    });
    expect(seen).toEqual(['a@3', 'a@12']);
    expect(calls).toEqual(['watch 10', 'list', 'list', 'list', 'list']);
    expect(warnings).toEqual(['pods in shop: forbidden to watch; add …; reading every 2 s until then']);
    expect(slept).toEqual([2000, 2000, 2000, 2000]);
  });

  test('tells what all follows of a client find only once, an outage until it is over', async () => {
    const told = nothingTold();
    const refused = () => ({
      ...{ told, known: list('10'), lists: [list('11')] },
      watches: [{ refused: true, error: forbidden }],
    });
    const away = () => ({ told, lists: [unreachable] });
    const [first, again] = [await run(refused()), await run(refused())];
    expect([first.warnings.length, again.warnings.length, again.calls]).toEqual([1, 0, ['watch 10', 'list', 'list']]);
    const out = [await run(away()), await run(away()), await run({ told, lists: [list('10')] }), await run(away())];
    expect(out.map(({ warnings }) => warnings.length)).toEqual([1, 0, 0, 1]);
  });

  test('throws when neither watching nor listing is allowed', async () => {
    await expect(
      run({ listsByWatching: true, watches: [{ refused: true, error: forbidden }], lists: [forbidden] }),
    ).rejects.toBe(forbidden);
  });
});

describe('follow without a list', () => {
  test('takes what the watch sends first as the set', async () => {
    const { seen, calls } = await run({
      listsByWatching: true,
      watches: [{ batches: [[change('ADDED', 'a', '7'), change('ADDED', 'b', '2')]] }],
      lists: [list('90', object('a', '7'), object('b', '2'))],
    });
    expect(seen).toEqual(['a@7 b@2']);
    expect(calls).toEqual(['watch undefined', 'list', 'watch 90']);
  });

  test('resumes only from a bookmark on: events before it come in any order', async () => {
    const { calls } = await run({
      listsByWatching: true,
      watches: [{ batches: [[change('ADDED', 'a', '7')], [bookmark('20')], [change('ADDED', 'b', '21')]] }],
    });
    expect(calls).toEqual(['watch undefined', 'watch 21']);
  });

  test('yields an empty set at once where the server marks the end of what exists', async () => {
    const { seen } = await run({
      listsByWatching: true,
      watches: [{ batches: [[bookmark('5')], [change('ADDED', 'b', '6')], [bookmark('7')]] }],
    });
    expect(seen).toEqual(['', 'b@6']);
  });

  test('yields an empty set where nothing exists', async () => {
    const { seen } = await run({
      listsByWatching: true,
      watches: [{ after: 1_000, batches: [[change('ADDED', 'a', '7')]] }],
    });
    expect(seen).toEqual(['', 'a@7']);
  });
});

test('follow ends when the signal aborts during a pause, which ends by nothing else here', async () => {
  const stop = new AbortController();
  const down = () => {
    throw unreachable;
  };
  const source: Source<KubernetesObject> = { title: '', listsByWatching: false, list: down, watch: down };
  const sleep = (_: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      signal?.addEventListener('abort', () => resolve(), { once: true });
      stop.abort();
    });
  const log = { info: () => undefined, debug: () => undefined, warn: () => undefined };
  const tools = { clock: { ...createClock(), sleep }, log, told: nothingTold() };
  for await (const _ of follow(source, stop.signal, undefined, tools)) throw new Error('no set');
  expect(stop.signal.aborted).toBe(true);
});
