import { describe, expect, test } from '@jest/globals';
import { prepare } from '../../src/operations/prepare.ts';
import type { TrainRequest } from '../../src/operations/train-request.ts';
import { gateFields } from '../../src/rollout/canary-gate.ts';
import type { RolloutFields } from '../../src/rollout/loan.ts';
import { templateDigest } from '../../src/rollout/template.ts';
import { autoscalerOf, budgetOf, quotaOf } from '../rollout/neighbour.ts';
import { openShop, request, type Shop, V10, V11 } from './shop.ts';

/** A shop of ten pods each, in a namespace with such a quota, and a budget and an autoscaler for `web`. */
function crowded(left: number, names: readonly string[] = ['web']): Shop {
  const shop = openShop(names);
  for (const name of names)
    shop.cluster.change(name, (deployment) => ({ ...deployment, spec: { ...deployment.spec, replicas: 10 } }));
  const used = 10 * names.length;
  Object.assign(shop.cluster.neighbours, {
    horizontalpodautoscalers: [autoscalerOf(2, 20)],
    poddisruptionbudgets: [budgetOf({ minAvailable: 9 })],
    resourcequotas: [quotaOf({ pods: String(used + left) }, { pods: String(used) })],
  });
  return shop;
}

const wanted = (more: Partial<Omit<TrainRequest, 'images' | 'refs'>> & { readonly refs?: readonly string[] } = {}) =>
  request('1.1', { images: (more.refs ?? ['web']).map((name) => `${name}/app=web:1.1`).join('\n'), ...more });
const canary = (...sizes: NonNullable<TrainRequest['canary']>['sizes']) => ({
  canary: { sizes, to: 'next' as const },
});
const START_FIRST = { limits: { order: 'start-first', parallelism: 2 } } as const;

async function problemsOf(shop: Shop, asked: TrainRequest): Promise<readonly string[]> {
  const prepared = await prepare(shop, asked);
  return prepared.kind === 'refused' ? prepared.problems : [];
}

async function warningsOf(shop: Shop, asked: TrainRequest): Promise<readonly string[]> {
  const prepared = await prepare(shop, asked);
  return prepared.kind === 'ready' ? prepared.steps.flatMap(({ change }) => change.warnings) : prepared.problems;
}

describe('a quota without room', () => {
  test('refuses a canary before anything is changed, with the figures of its largest size', async () => {
    const shop = crowded(4);
    const refused = await prepare(shop, wanted(canary({ pods: 1 }, { percent: 50 })));
    expect(refused).toMatchObject({
      kind: 'refused',
      reasonCode: 'preflight-refused',
      problems: [
        'deployment shop/web: ResourceQuota shop/team has no room for the canary: it needs 5 more pods (4 of 14 left); ' +
          'raise the quota, or ask for a smaller canary',
      ],
    });
  });

  test('refuses start-first', async () => {
    expect(await problemsOf(crowded(1), wanted(START_FIRST))).toEqual([
      'deployment shop/web: ResourceQuota shop/team has no room for order start-first: ' +
        'it needs 2 more pods (1 of 11 left); raise the quota, or set a smaller parallelism, or order: stop-first',
    ]);
  });

  test('is shared by the whole train', async () => {
    const asked = wanted({ refs: ['web', 'api'], ...canary({ pods: 1 }) });
    expect((await problemsOf(crowded(1, ['web', 'api']), asked)).join()).toMatch(
      /^deployment shop\/web and deployment shop\/api: .* it needs 2 more pods \(1 of 21 left\)/,
    );
    expect(await problemsOf(crowded(2, ['web', 'api']), asked)).toEqual([]);
  });

  test.each([
    ['the room is there', 5, wanted(canary({ percent: 50 }))],
    ['pods are stopped first', 0, wanted({ limits: { order: 'stop-first', parallelism: 2 } })],
    ['nothing was asked for', 0, wanted()],
    ['only a delay was', 0, wanted({ limits: { delayMs: 5_000 } })],
  ])('%s: it may go', async (_, left, asked) => {
    expect(await problemsOf(crowded(left), asked)).toEqual([]);
  });

  test('keeps no rollback waiting', async () => {
    const shop = crowded(0);
    const back = openShop(['web'], [V10, V11]);
    Object.assign(back.cluster.neighbours, shop.cluster.neighbours);
    const rollback = { rollbackLimits: START_FIRST.limits, ...canary({ pods: 1 }) };
    expect(await prepare(back, request('1.0', rollback))).toMatchObject({ kind: 'ready', mode: { mode: 'rollback' } });
    expect(back.cluster.asked).toEqual([]);
  });
});

/** Fields of a rollout where a Deployment has them. */
function fieldsIn({ maxSurge, maxUnavailable, minReadySeconds, progressDeadlineSeconds }: RolloutFields) {
  const rollingUpdate = { maxSurge: maxSurge ?? 0, maxUnavailable: maxUnavailable ?? 0 };
  return {
    strategy: { rollingUpdate },
    minReadySeconds: minReadySeconds ?? 0,
    progressDeadlineSeconds: progressDeadlineSeconds ?? 0,
  };
}

describe('a canary that is held', () => {
  /** 1.1 live with two pods beside ten of 1.0. */
  function held(left: number): Shop {
    const { cluster, ...shop } = openShop(['web'], [V10, V11]);
    cluster.idle.add('web');
    cluster.change('web', (deployment) => ({
      ...deployment,
      spec: { ...deployment.spec, replicas: 10, paused: true, ...fieldsIn(gateFields(2, deployment)) },
      status: { observedGeneration: 4, replicas: 12, updatedReplicas: 2, availableReplicas: 10 },
    }));
    const { deployment, replicaSets } = cluster.objects('web');
    const sized = replicaSets.map((set) => ({
      ...set,
      spec: { ...set.spec, replicas: set.metadata.name === 'web-1' ? 10 : 2 },
    }));
    cluster.install(deployment, sized);
    cluster.neighbours.resourcequotas = [quotaOf({ pods: String(12 + left) }, { pods: '12' })];
    const digest = templateDigest(cluster.deployment('web').spec.template);
    const since = { step: 0, heldSince: '2026-11-21T10:00:00Z' };
    const canary = {
      release: '1.1',
      from: '1.0',
      digest,
      ...since,
      sizes: [{ pods: 2 }, { percent: 50 }, { percent: 90 }],
    };
    shop.ledgers.change('web', (ledger) => ({ ...ledger, canary }));
    return { ...shop, cluster };
  }

  test.each([
    ['next', 2, ['it needs 3 more pods (2 of 14 left)']],
    ['next', 3, []],
    ['all', 0, []],
  ] as const)('to %s, with %d left', async (to, left, needs) => {
    const asked = request('1.1', { canary: { sizes: [], to } });
    const problems = await problemsOf(held(left), asked);
    expect(problems).toHaveLength(needs.length);
    for (const [index, need] of needs.entries()) expect(problems[index]).toContain(need);
  });
});

describe('what is warned of', () => {
  test('an autoscaler of a canary, and not of a plain deploy', async () => {
    expect(await warningsOf(crowded(9), wanted(canary({ pods: 1 })))).toContainEqual(
      expect.stringMatching(/^HorizontalPodAutoscaler shop\/web-scaler may scale it from 2 to 20 pods/),
    );
    const shop = crowded(9);
    expect(await warningsOf(shop, wanted())).toEqual([]);
    expect(shop.cluster.asked).toEqual([]);
  });

  test('a budget that the limits fall below', async () => {
    const shop = crowded(0);
    const warnings = await warningsOf(shop, wanted({ limits: { order: 'stop-first', parallelism: 2 } }));
    expect(warnings).toContainEqual(
      expect.stringMatching(/^up to 2 of 10 pods may be missing .* PodDisruptionBudget shop\/web-budget allows 1/),
    );
    expect(shop.cluster.asked).toEqual(['poddisruptionbudgets']);
  });

  test('what follows a canary, too', async () => {
    expect(await warningsOf(crowded(9), wanted(canary({ pods: 1 })))).toContainEqual(
      expect.stringMatching(/^up to 2 of 10 pods may be missing/),
    );
  });

  test('what may not be listed is told in the log, once each, and refuses nothing', async () => {
    const shop = crowded(0);
    for (const kind of ['horizontalpodautoscalers', 'poddisruptionbudgets', 'resourcequotas'] as const)
      shop.cluster.neighbours[kind] = 'forbidden';
    expect(await warningsOf(shop, wanted(canary({ pods: 1 })))).toEqual([]);
    const told = shop.log.infos.filter((line) => line.endsWith('going on without a look at them'));
    expect(told).toHaveLength(3);
  });
});

describe('where a GitOps controller would take back what is lent', () => {
  function owned(): Shop {
    const shop = crowded(99);
    const labels = { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/web' };
    shop.cluster.change('web', (deployment) => ({ ...deployment, metadata: { ...deployment.metadata, labels } }));
    return shop;
  }

  test.each([
    ['a canary', wanted(canary({ pods: 1 })), 'which would take back what holds the canary; suspend it meanwhile'],
    [
      'limits',
      wanted(START_FIRST),
      'which would take back the limits of update-config; set them in its source, suspend it',
    ],
  ])('%s is refused', async (_, asked, why) => {
    const [problem, ...others] = await problemsOf(owned(), asked);
    expect(others).toEqual([]);
    expect(problem).toMatch(/^deployment shop\/web is managed by Argo CD \(argocd.argoproj.io\/tracking-id\)/);
    expect(problem).toContain(why);
    expect(problem).toMatch(/, or set allow-gitops-drift: true$/);
    expect(await problemsOf(owned(), { ...asked, allowGitopsDrift: true })).toEqual([]);
  });

  test('a plain deploy is not', async () => {
    expect(await problemsOf(owned(), wanted())).toEqual([]);
  });
});
