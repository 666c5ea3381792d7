import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { roll } from '../../src/operations/roll.ts';
import type { RollPorts } from '../../src/operations/roll-workload.ts';
import type { Check, CheckAnswer } from '../../src/ports.ts';
import type { Result } from '../../src/result.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import { eventually } from '../sandbox/cluster/cluster-fixture.ts';
import {
  abort,
  type CanaryGround,
  canary,
  deploy,
  openCanaryGround,
  openCheck,
  promotion,
  returned,
} from './canary-ground.ts';

const ground: CanaryGround = await openCanaryGround();

afterAll(() => ground.close());
afterEach(() => ground.clear());

const ONE = [{ pods: 1 }];
const DIES = { images: 'web=rollkey.test/web:1.1-dies' };
/** Looked at every two seconds: what ends before was ended by a look. */
const LONG = { holdMs: 20_000 };
const SHORT = { holdMs: 2_000 };

interface Held {
  readonly ended: Promise<{ readonly result: Result; readonly ms: number }>;
}

/** Begins a run that holds its canary, and waits until it does. */
async function holding(wanted: Parameters<typeof roll>[1], ports: RollPorts = ground.ports): Promise<Held> {
  const begin = Date.now();
  const holds = () => log().filter((line) => line.includes('by itself')).length;
  const before = holds();
  const ended = roll(ports, wanted).then((result) => ({ result, ms: Date.now() - begin }));
  await eventually(() => holds() > before || undefined);
  ground.patches();
  return { ended };
}

function log(): readonly string[] {
  return ground.ports.log.infos.slice(logged);
}

let logged = 0;
afterEach(() => {
  logged = ground.ports.log.infos.length;
});

describe('while a canary is held for a time', () => {
  test('all is well: it is looked at in silence, nothing is written, and it goes on at the end and not before', async () => {
    await ground.install('web', 2);
    const { ended } = await holding(canary('1.1', [{ pods: 1 }, { percent: 100 }], SHORT));
    const [from, said] = [ground.cluster.requests.length, log().length];
    await new Promise((resolve) => setTimeout(resolve, 1_700));
    const requests = ground.cluster.requests.slice(from);
    expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    const reads = requests.filter(({ path }) => path.endsWith('/deployments/web'));
    expect(reads.length).toBeGreaterThanOrEqual(2);
    // Three looks at most, of a few requests each.
    expect(requests.length).toBeLessThanOrEqual(30);
    expect([log().length, ground.pods(), ground.ports.log.warnings]).toEqual([said, { '1.0': 2, '1.1': 1 }, []]);
    expect((await ended).result.outcome).toBe('succeeded');
    expect(log().filter((line) => line.includes('is held as a canary, '))).toEqual([
      'deployment/web: 1.1 is held as a canary, 1 pod beside 2 of 1.0; it goes on to 100% (2 pods) by itself in 2s, abort/ takes it back before',
      'deployment/web: 1.1 is held as a canary, 2 pods beside 2 of 1.0; it goes on to all pods by itself in 2s, abort/ takes it back before',
    ]);
    expect(await returned(ground)).toBe(true);
  });

  test('it crashes: it is taken back long before the end, and blocked, though it runs again', async () => {
    await ground.install('web', 2);
    const gate = createMemoryGate();
    const wanted = canary('1.1', ONE, { ...DIES, ...LONG, environment: 'production' });
    const { result, ms } = await (await holding(wanted, { ...ground.ports, gate })).ended;
    expect(ms).toBeLessThan(LONG.holdMs);
    expect(result).toMatchObject({
      ...{ outcome: 'rolled-back', reasonCode: 'container-crashed', rolledBackTo: '1.0', changed: true },
      ...{ previousRelease: '1.0', mode: 'deploy' },
      message: expect.stringMatching(
        /1\.1 failed: it crashed while it was held: container web exits 1, 1 restart \(held for \d+s\)/,
      ),
      gate: { blocks: [{ release: '1.1', state: 'written' }] },
    });
    expect(log()).toContainEqual(expect.stringMatching(/^deployment shop\/web: it crashed while it was held: /));
    expect(result.workloads[0]?.evidence).toBeDefined();
    expect(result.workloads[0]?.timeline.map(({ text }) => text)).toContain('held');
    expect([ground.pods(), ground.patches(), await returned(ground)]).toEqual([{ '1.0': 2 }, 1, true]);
  });

  test('a check fails: it is taken back at once', async () => {
    await ground.install('web', 2);
    const { checks, given } = openCheck('pass');
    const { ended } = await holding(canary('1.1', ONE, { ...LONG, checks }));
    given.now = 'fail';
    const { result, ms } = await ended;
    expect(ms).toBeLessThan(LONG.holdMs);
    expect(result).toMatchObject({
      ...{ outcome: 'rolled-back', reasonCode: 'check-failed' },
      message: expect.stringMatching(/check smoke .*\(held for \d+s\)/),
    });
    expect(ground.pods()).toEqual({ '1.0': 2 });
  });

  const UNTOLD = { outcome: 'failed', reasonCode: 'check-inconclusive' };
  test.each<readonly [string, CheckAnswer['state'], object, object]>([
    ['for a moment: it goes on at the end', 'pass', { outcome: 'succeeded' }, { '1.1': 2 }],
    ['to the end: it stays held, and the run fails', 'inconclusive', UNTOLD, { '1.0': 2, '1.1': 1 }],
  ])('a check cannot tell %s', async (_, later, how, pods) => {
    await ground.install('web', 2);
    const warned = ground.ports.log.warnings.length;
    const { checks, given } = openCheck('pass');
    const { ended } = await holding(canary('1.1', ONE, { ...SHORT, checks }));
    given.now = 'inconclusive';
    const told = () => ground.ports.log.warnings.slice(warned).filter((line) => line.includes('looked at again'));
    await eventually(() => told().length > 0 || undefined);
    given.now = later;
    const { result, ms } = await ended;
    expect(ms).toBeGreaterThanOrEqual(2_000);
    expect(result).toMatchObject(how);
    expect([told(), ground.pods()]).toEqual([[expect.stringContaining('check smoke')], pods]);
    if (later !== 'pass') await roll(ground.ports, abort());
  });

  test('with failure_action pause it is left where it is, and the run ends', async () => {
    await ground.install('web', 2);
    const policy = { failFast: 'balanced', maxFailureRatio: 0, monitorMs: 0 } as const;
    const update = { failureAction: 'pause', policy } as const;
    const { result, ms } = await (await holding(canary('1.1', ONE, { ...DIES, ...LONG, update }))).ended;
    expect(ms).toBeLessThan(LONG.holdMs);
    expect(result).toMatchObject({ outcome: 'paused', reasonCode: 'container-crashed' });
    expect(await roll(ground.ports, abort())).toMatchObject({ outcome: 'aborted' });
  });

  const READ = 'deployment shop/web: connection refused';
  const WATCHED = /^deployment\/web: 1\.1 .*could not be seen: connection refused/;
  test.each([
    ['read', READ],
    ['watched', expect.stringMatching(WATCHED)],
  ])('it cannot be %s: no verdict, said once, and it goes on when its time is over', async (what, why) => {
    await ground.install('web', 2);
    const { cluster, log: book } = ground.ports;
    const asked = { read: 0, watched: 0 };
    const isAway = (how: keyof typeof asked) => {
      if (ground.deployment().spec.paused !== true || what !== how) return false;
      asked[how] += 1;
      return asked[how] <= 2;
    };
    const away: typeof cluster = {
      ...cluster,
      getWorkload: (ref) =>
        isAway('read') ? Promise.reject(new ClusterError('unreachable', READ)) : cluster.getWorkload(ref),
      async *follow(following, signal, known) {
        const fails = following.resource === 'pods' && isAway('watched');
        if (fails) throw new ClusterError('unauthorized', 'connection refused');
        yield* cluster.follow(following, signal, known);
      },
    };
    const warned = book.warnings.length;
    const { result } = await (await holding(canary('1.1', ONE, SHORT), { ...ground.ports, cluster: away })).ended;
    expect(result.outcome).toBe('succeeded');
    expect(asked.read + asked.watched).toBeGreaterThanOrEqual(3);
    const [line, ...others] = book.warnings.slice(warned);
    expect([line?.split('; the canary stays held, and is looked at again'), others]).toEqual([[why, ''], []]);
  });

  test.each(['between two looks', 'during a look'])(
    'the run is cancelled %s: it stays held, and nobody lets it go on',
    async (when) => {
      await ground.install('web', 4);
      const stop = new AbortController();
      const { cluster } = ground.ports;
      const silent: typeof cluster = {
        ...cluster,
        getWorkload: (ref) => {
          if (when === 'between two looks' || ground.deployment().spec.paused !== true) return cluster.getWorkload(ref);
          stop.abort();
          return new Promise(() => {});
        },
      };
      const ports = { ...ground.ports, cluster: silent, interrupt: stop.signal };
      const { ended } = await holding(canary('1.1', [{ pods: 1 }, { pods: 2 }], LONG), ports);
      if (when === 'between two looks') {
        stop.abort();
      }
      const { result } = await ended;
      expect(result).toMatchObject({
        ...{ outcome: 'paused', reasonCode: 'canary-held' },
        message:
          'deployment/web: 1.1 is held as a canary, 1 pod beside 4 of 1.0; this run was cancelled while it held the canary, so it does not go on by itself; promote/ lets it go on to 2 pods, abort/ takes it back',
        workloads: [{ canary: { abandoned: true, pods: 1, beside: 4 } }],
      });
      expect([ground.pods(), ground.patches()]).toEqual([{ '1.0': 4, '1.1': 1 }, 0]);
      expect(await roll(ground.ports, promotion('all'))).toMatchObject({ outcome: 'succeeded' });
    },
  );
});

test('a run that is cancelled by the last look, before anything grew, leaves it held as well', async () => {
  await ground.install('web', 2);
  const stop = new AbortController();
  let looks = 0;
  const checks = async (): Promise<readonly Check[]> => {
    const look = async (): Promise<CheckAnswer> => {
      looks += 1;
      if (looks === 2) stop.abort();
      return { state: 'pass', message: 'pass' };
    };
    return [{ name: 'smoke', early: false, intervalMs: 5, threshold: 1, look }];
  };
  // So short that it is looked at only when it is over.
  const wanted = canary('1.1', ONE, { holdMs: 200, checks });
  const result = await roll({ ...ground.ports, interrupt: stop.signal }, wanted);
  expect(result).toMatchObject({
    ...{ outcome: 'paused', reasonCode: 'canary-held', changed: true },
    message: expect.stringContaining('this run was cancelled while it held the canary'),
  });
  expect([looks, ground.pods()]).toEqual([2, { '1.0': 2, '1.1': 1 }]);
});

describe('somebody else, while a canary is held for a time:', () => {
  const SIZES = [{ pods: 1 }, { pods: 2 }, { percent: 75 }];
  const patch = (spec: object) => ground.cluster.objects.patch('deployments', 'shop', 'web', { spec });

  test.each<readonly [string, () => Promise<unknown>, RegExp, object]>([
    [
      'lets it go on to the next size',
      () => roll(ground.ports, promotion('next')),
      /somebody else brought the canary of 1\.1 to 2 while this run held it at 1/,
      { '1.0': 4, '1.1': 2 },
    ],
    [
      'lets it go on to all pods',
      () => roll(ground.ports, promotion('all')),
      /to all pods while this run held it at 1|no canary is held, 1\.1 is live/,
      { '1.1': 4 },
    ],
    ['takes it back', () => roll(ground.ports, abort()), /no canary is held, 1\.0 is live/, { '1.0': 4 }],
    [
      'deploys another release',
      () => roll(ground.ports, deploy('1.2')),
      /no canary is held, 1\.2 is live|1\.1 was superseded: the template was changed by /,
      { '1.2': 4 },
    ],
  ])('%s: the run ends at once, and leaves it alone', async (_, act, message, pods) => {
    await ground.install('web', 4);
    const { ended } = await holding(canary('1.1', SIZES, LONG));
    await act();
    ground.patches();
    const { result, ms } = await ended;
    expect(ms).toBeLessThan(LONG.holdMs);
    expect(result).toMatchObject({ outcome: 'superseded', changed: true, message: expect.stringMatching(message) });
    expect([ground.pods(), ground.patches()]).toEqual([pods, 0]);
  });

  test('takes it back and begins it anew between two looks: it is theirs, for as long as they asked', async () => {
    await ground.install('web', 4);
    const between = Promise.withResolvers<void>();
    let nextLook = Promise.resolve();
    const { clock } = ground.ports;
    const sleep = async (ms: number, signal?: AbortSignal) => {
      await clock.sleep(ms, signal);
      await nextLook;
    };
    const { ended } = await holding(canary('1.1', ONE, LONG), { ...ground.ports, clock: { ...clock, sleep } });
    nextLook = between.promise;
    await roll(ground.ports, abort());
    const theirs = await holding(canary('1.1', ONE, SHORT));
    between.resolve();
    expect((await ended).result).toMatchObject({
      outcome: 'superseded',
      message: expect.stringContaining('somebody else began the canary of 1.1 anew while this run held it at 1'),
    });
    const { result, ms } = await theirs.ended;
    expect(result).toMatchObject({ outcome: 'succeeded' });
    expect(ms).toBeGreaterThanOrEqual(SHORT.holdMs);
  });

  test('scales it: it is counted as it is, and goes on at its end', async () => {
    await ground.install('web', 2);
    const { ended } = await holding(canary('1.1', ONE, SHORT));
    patch({ replicas: 4 });
    expect((await ended).result.outcome).toBe('succeeded');
    expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1': 4 }, true]);
  });

  test('scales it to nothing: the run says so at once', async () => {
    await ground.install('web', 2);
    const { ended } = await holding(canary('1.1', ONE, LONG));
    patch({ replicas: 0 });
    const { result, ms } = await ended;
    expect(ms).toBeLessThan(LONG.holdMs);
    expect(result).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('it was scaled to 0 while one was held'),
    });
  });

  test('undoes it by hand: the run ends at once', async () => {
    await ground.install('web', 2);
    const { ended } = await holding(canary('1.1', ONE, LONG));
    const containers = [{ name: 'web', image: 'rollkey.test/web:1.0' }];
    patch({ paused: false, template: { spec: { containers }, metadata: { annotations: null } } });
    const { result, ms } = await ended;
    expect(ms).toBeLessThan(LONG.holdMs);
    expect(result.outcome).toBe('superseded');
    expect(await roll(ground.ports, abort())).toMatchObject({ reasonCode: 'no-canary' });
    expect(await returned(ground)).toBe(true);
  });
});
