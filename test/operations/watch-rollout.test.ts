import { describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { type RolloutEnd, watchRollout } from '../../src/operations/watch-rollout.ts';
import type { Cluster } from '../../src/ports.ts';
import type { Deployment, Pod } from '../../src/rollout/objects.ts';
import { labelSelector } from '../../src/rollout/pods.ts';
import { settle } from '../fakes/fake-clock.ts';
import { openShop, POLICY, refOf, type Shop, V10, V11, withImage } from './shop.ts';

const READY: Pod = {
  metadata: { name: 'web-x', namespace: 'shop', uid: 'p1', resourceVersion: '1' },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};

/** A shop whose Deployment was just given 1.1, which nobody rolls out until a test does. */
async function begun(
  policy = POLICY,
  halt = new AbortController().signal,
  through = (cluster: Cluster) => cluster,
): Promise<{
  readonly shop: Shop;
  readonly watching: Promise<RolloutEnd>;
  readonly finish: () => void;
}> {
  const shop = openShop();
  shop.cluster.idle.add('web');
  const listed = await shop.cluster.listRevisions(refOf('web'), 'app=web');
  shop.cluster.change('web', (deployment) => withImage(deployment, 'web:1.1'));
  const deployment = shop.cluster.deployment('web');
  const watching = watchRollout(
    { ...shop, cluster: through(shop.cluster) },
    {
      ref: refOf('web'),
      deployment,
      replicaSets: listed,
      template: deployment.spec.template,
      generation: deployment.metadata.generation ?? 0,
      progressingBefore: undefined,
      timeoutMs: 600_000,
      policy,
    },
    { halt, completed: () => {} },
  );
  watching.catch(() => {});
  await settle();
  return { shop, watching, finish: () => finish(shop) };
}

function finish({ cluster }: Shop): void {
  cluster.idle.delete('web');
  cluster.change('web', (deployment) => ({ ...deployment }));
}

function patchStatus({ cluster }: Shop, status: Deployment['status']): void {
  cluster.change('web', (deployment) => ({ ...deployment, status: { ...deployment.status, ...status } }));
}

describe('watchRollout', () => {
  test('what a silent watch has not told is read before it ends: neither undecided nor out of time', async () => {
    const shop = openShop();
    const silent = {
      ...shop.cluster,
      follow: async function* <T>(_: unknown, signal: AbortSignal, known?: { readonly items: readonly T[] }) {
        if (known) yield known.items;
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
    };
    shop.cluster.idle.add('web');
    const replicaSets = await shop.cluster.listRevisions(refOf('web'), 'app=web');
    shop.cluster.change('web', (deployment) => withImage(deployment, 'web:1.1'));
    const deployment = shop.cluster.deployment('web');
    const { template } = deployment.spec;
    const generation = deployment.metadata.generation ?? 0;
    const rest = { template, generation, progressingBefore: undefined, timeoutMs: 60_000, policy: POLICY };
    const watching = watchRollout(
      { ...shop, cluster: silent },
      { ref: refOf('web'), deployment, replicaSets, ...rest },
      { halt: new AbortController().signal, completed: () => {} },
    );
    finish(shop);
    for (let count = 0; count < 62; count++) await shop.clock.advance(1_000);
    expect((await watching).status).toMatchObject({ state: 'done', verified: true });
  });

  test('ends when the rollout is complete, with what was said on the way and when', async () => {
    const { shop, watching, finish } = await begun();
    await shop.clock.advance(30_000);
    patchStatus(shop, { observedGeneration: 4, updatedReplicas: 1 });
    await shop.clock.advance(30_000);
    shop.cluster.putPods([READY, { ...READY, metadata: { ...READY.metadata, uid: 'p2' } }]);
    finish();
    await settle();
    const { status, timeline, last } = await watching;
    expect(status).toEqual({ state: 'done', verified: true, message: '2 of 2 pods available' });
    expect(timeline.slice(0, 2)).toEqual([
      { at: 0, text: 'waiting for the controller to see the change' },
      { at: 30, text: '0 of 2 pods available, 1 updated, 1 old still there' },
    ]);
    expect(timeline.at(-1)).toEqual({ at: 60, text: '2 of 2 pods available' });
    expect(last.carrier?.spec.template.spec.containers[0]?.image).toBe('web:1.1');
    expect(last.pods).toHaveLength(2);
  });

  test('the same news is said once', async () => {
    const { shop, watching } = await begun();
    for (const conditions of [[], [{ type: 'Available', status: 'True' }]] as const) patchStatus(shop, { conditions });
    await shop.clock.advance(59_000);
    expect(shop.log.infos).toEqual(['deployment shop/web: waiting for the controller to see the change']);
    await shop.clock.advance(541_000);
    expect((await watching).timeline).toHaveLength(1);
    // What hangs and what waits look alike in a log that says nothing.
    expect(shop.log.infos.slice(1)).toEqual(
      [60, 120, 180, 240, 300, 360, 420, 480, 540].map(
        (seconds) => `deployment shop/web: after ${seconds} s still waiting for the controller to see the change`,
      ),
    );
  });

  test('ten minutes are ten minutes, and not a moment more', async () => {
    const { shop, watching } = await begun();
    await shop.clock.advance(599_999);
    let ended = false;
    void watching.then(() => {
      ended = true;
    });
    await settle();
    expect(ended).toBe(false);
    await shop.clock.advance(1);
    expect((await watching).status).toEqual({
      state: 'undecided',
      message: 'not complete after 600 s: waiting for the controller to see the change',
    });
  });

  test('complete without its pods being seen: they are waited for, shortly', async () => {
    const { shop, watching, finish } = await begun();
    finish();
    await shop.clock.advance(1_000);
    const { status, last } = await watching;
    expect(status.state).toBe('done');
    expect(last.pods).toEqual([]);
  });

  test('complete, while the watch of its pods breaks again and again: their window begins when they are read', async () => {
    const { shop, watching, finish } = await begun({ ...POLICY, monitorMs: 5_000 }, undefined, (cluster) => ({
      ...cluster,
      follow: async function* (following, signal, known) {
        if (following.resource !== 'pods') yield* cluster.follow(following, signal, known);
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
    }));
    shop.cluster.putPods([READY, { ...READY, metadata: { ...READY.metadata, uid: 'p2' } }]);
    finish();
    let ended = false;
    void watching.then(() => {
      ended = true;
    });
    for (let seconds = 0; seconds < 9; seconds += 1) await shop.clock.advance(1_000);
    expect(ended).toBe(false);
    for (let seconds = 0; seconds < 2; seconds += 1) await shop.clock.advance(1_000);
    const { status, last } = await watching;
    expect([status.state, last.pods?.length]).toEqual(['done', 2]);
  });

  describe('complete by the counts, with a pod that is seen to be down', () => {
    const [one, two] = [READY, { ...READY, metadata: { ...READY.metadata, uid: 'p2' } }];
    const gone = { ...two, status: { conditions: [{ type: 'Ready', status: 'False' as const }] } };
    const seconds = async (shop: Shop, count: number) => {
      for (let second = 0; second < count; second += 1) await shop.clock.advance(1_000);
    };
    const dying = async (maxFailureRatio = 0) => {
      const { shop, watching, finish } = await begun({ ...POLICY, maxFailureRatio, monitorMs: 5_000 });
      shop.cluster.putPods([one, two]);
      finish();
      await seconds(shop, 4);
      shop.cluster.putPods([one, gone]);
      const ends: RolloutEnd[] = [];
      void watching.then((end) => ends.push(end));
      await seconds(shop, 4);
      expect(ends).toEqual([]);
      return { shop, ends };
    };

    test.each(['Failed', 'Succeeded'])('one that has ended for good, as %s, contradicts nothing', async (phase) => {
      const { shop, watching, finish } = await begun({ ...POLICY, monitorMs: 5_000 });
      shop.cluster.putPods([one, two]);
      finish();
      await seconds(shop, 4);
      shop.cluster.putPods([one, { ...gone, status: { ...gone.status, phase } }]);
      await seconds(shop, 8);
      const ends: RolloutEnd[] = [];
      void watching.then((end) => ends.push(end));
      await seconds(shop, 1);
      expect(ends).toMatchObject([{ status: { state: 'done' } }]);
    });

    test('it is watched on, and done once it is back', async () => {
      const { shop, ends } = await dying();
      shop.cluster.putPods([one, two]);
      await seconds(shop, 1);
      expect(ends[0]?.status).toMatchObject({ state: 'done', verified: true });
    });

    test('it is watched through a window of its own where it crashed', async () => {
      const { shop, ends } = await dying();
      const containerStatuses = [{ name: 'web', ready: true, restartCount: 1, state: { running: {} } }];
      shop.cluster.putPods([one, { ...two, status: { ...two.status, containerStatuses } }]);
      await seconds(shop, 4);
      expect(ends).toEqual([]);
      await seconds(shop, 2);
      expect(ends[0]?.status).toMatchObject({ state: 'done', verified: true });
    });

    test('it never comes back: undecided in the end, since who counts it is away', async () => {
      const { shop, ends } = await dying();
      await seconds(shop, 590);
      expect(ends).toEqual([]);
      await seconds(shop, 20);
      expect(ends[0]).toMatchObject({
        status: {
          state: 'undecided',
          message: 'not complete after 600 s: 2 of 2 pods available, by counts that the pods contradict',
        },
        cause: undefined,
      });
    });

    test('it never comes back, and may fail: done in the end', async () => {
      const { shop, ends } = await dying(0.5);
      await seconds(shop, 610);
      expect(ends[0]?.status).toMatchObject({ state: 'done', message: expect.stringContaining('tolerates') });
    });
  });

  test('no right to see pods: a warning, and everything else as ever', async () => {
    const { shop, watching, finish } = await begun();
    shop.cluster.faults.at('follow pods', new ClusterError('forbidden', 'pods in shop: forbidden to list; add …'));
    finish();
    await shop.clock.advance(1_000);
    const { status, last } = await watching;
    expect(status.state).toBe('done');
    expect(last.pods).toBeUndefined();
    expect(shop.log.warnings).toEqual(["pods in shop: forbidden to list; add …; going on without the pods' states"]);
  });

  test('somebody else’s template ends it at once', async () => {
    const { shop, watching } = await begun();
    shop.cluster.change('web', (deployment) => withImage(deployment, 'web:9'));
    expect((await watching).status).toEqual({
      state: 'superseded',
      message: 'the template was changed by somebody else',
    });
  });

  test('a scaling by somebody else does not', async () => {
    const { shop, watching, finish } = await begun();
    shop.cluster.change('web', (deployment) => ({ ...deployment, spec: { ...deployment.spec, replicas: 5 } }));
    finish();
    await shop.clock.advance(1_000);
    expect((await watching).status.message).toBe('5 of 5 pods available');
  });

  test('deleted', async () => {
    const { shop, watching } = await begun();
    shop.cluster.remove('web');
    expect((await watching).status).toEqual({ state: 'deleted', message: 'it was deleted during the rollout' });
  });

  test('the progress deadline', async () => {
    const { shop, watching } = await begun();
    const condition = {
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: 'too late',
    } as const;
    patchStatus(shop, { observedGeneration: 4, conditions: [condition] });
    expect((await watching).status).toEqual({ state: 'stalled', message: 'too late' });
  });

  test.each(['follow workload', 'follow revisions'] as const)(
    'an API that refuses %s for good stops us',
    async (call) => {
      const shop = openShop(['web'], [V10, V11]);
      const deployment = shop.cluster.deployment('web');
      const refusal = new ClusterError('unauthorized', 'expired');
      shop.cluster.faults.at(call, refusal);
      const watching = watchRollout(
        shop,
        {
          ref: refOf('web'),
          deployment,
          replicaSets: await shop.cluster.listRevisions(refOf('web'), labelSelector(deployment)),
          template: deployment.spec.template,
          generation: 4,
          progressingBefore: undefined,
          timeoutMs: 600_000,
          policy: POLICY,
        },
        { halt: new AbortController().signal, completed: () => {} },
      );
      await expect(watching).rejects.toMatchObject({
        kind: refusal.kind,
        message: refusal.message,
        timeline: expect.any(Array),
      });
    },
  );

  test('nothing goes on after the end: no follower, no timer', async () => {
    const { shop, watching, finish } = await begun();
    expect(shop.cluster.followers()).toBeGreaterThan(0);
    finish();
    await shop.clock.advance(1_000);
    await watching;
    await settle();
    expect([shop.cluster.followers(), shop.clock.sleepers()]).toEqual([0, 0]);
  });
});
