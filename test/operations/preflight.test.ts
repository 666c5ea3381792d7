import { describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { prepare } from '../../src/operations/prepare.ts';
import type { Deployment } from '../../src/rollout/objects.ts';
import { openShop, refOf, request, type Shop, V10, V11 } from './shop.ts';

const names = { envFrom: [{ configMapRef: { name: 'settings' } }, { secretRef: { name: 'keys' } }] };

/** A shop in which 1.0 needs a ConfigMap and a Secret, and 1.1, which is live, needs none. */
async function shopWithReferences(): Promise<Shop> {
  const shop = openShop(['web'], [V10, V11]);
  const { items } = await shop.cluster.listRevisions(refOf('web'), 'app=web');
  const sets = items.map((set) => {
    const { template } = set.spec;
    const containers = template.spec.containers.map((container) => ({ ...container, ...names }));
    const needy = { ...set, spec: { template: { ...template, spec: { ...template.spec, containers } } } };
    return set.metadata.name === 'web-1' ? needy : set;
  });
  shop.cluster.install(shop.cluster.deployment('web'), sets);
  return shop;
}

function owned(shop: Shop, labels: NonNullable<Deployment['metadata']['labels']>): Shop {
  shop.cluster.change('web', (deployment) => ({ ...deployment, metadata: { ...deployment.metadata, labels } }));
  return shop;
}

const FLUX = { 'kustomize.toolkit.fluxcd.io/name': 'shop' };

describe('before old bits come back', () => {
  test('whatever they name and is gone is said, all of it', async () => {
    const shop = await shopWithReferences();
    for (const name of ['configmaps/settings', 'secrets/keys']) shop.cluster.missing.add(name);
    expect(await prepare(shop, request('1.0'))).toMatchObject({
      kind: 'refused',
      reasonCode: 'preflight-refused',
      problems: [
        'deployment shop/web: its old template names ConfigMap shop/settings, which is gone; create it again first',
        'deployment shop/web: its old template names Secret shop/keys, which is gone; create it again first',
      ],
    });
  });

  test('what is there, or may not be asked for, is no reason', async () => {
    expect(await prepare(await shopWithReferences(), request('1.0'))).toMatchObject({ kind: 'ready' });
  });

  test('an API that is away is', async () => {
    const shop = await shopWithReferences();
    shop.cluster.faults.at('exists', new ClusterError('unreachable', 'away'));
    await expect(prepare(shop, request('1.0'))).rejects.toThrow('away');
  });

  test('new images are not asked what they name: they come with what the live template has', async () => {
    const shop = await shopWithReferences();
    shop.cluster.faults.at('exists', new ClusterError('unreachable', 'asked'));
    expect(await prepare(shop, request('1.2', { images: 'web:1.2' }))).toMatchObject({ kind: 'ready' });
  });
});

describe('where a GitOps controller would put it forward again', () => {
  test('a rollback is refused, with what to do', async () => {
    const refused = await prepare(owned(openShop(['web'], [V10, V11]), FLUX), request('1.0'));
    expect(refused).toMatchObject({ kind: 'refused', reasonCode: 'preflight-refused' });
    expect(refused.kind === 'refused' && refused.problems).toEqual([
      'deployment shop/web is managed by Flux (kustomize.toolkit.fluxcd.io/name), which would undo the rollback; ' +
        'roll back in its source, suspend it, or set allow-gitops-drift: true',
    ]);
  });

  test.each([
    ['when it is allowed', request('1.0', { allowGitopsDrift: true })],
    ['when it is a deploy', request('1.2', { images: 'web:1.2' })],
    ['when nothing is written', request('1.1', { requested: 'rollback' })],
  ])('not %s', async (_, wanted) => {
    expect(await prepare(owned(openShop(['web'], [V10, V11]), FLUX), wanted)).toMatchObject({ kind: 'ready' });
  });
});

describe('without the ledger', () => {
  const forbidden = new ClusterError('forbidden', 'configmap shop/rollkey.deployment.web: forbidden to get; add …');

  test('stamps and change-causes do, with a warning', async () => {
    const shop = openShop(['web'], [V10, V11]);
    shop.ledgers.faults.at('read', forbidden);
    expect(await prepare(shop, request('1.0'))).toMatchObject({ kind: 'ready', mode: { mode: 'rollback' } });
    expect(shop.log.warnings).toEqual([`${forbidden.message}; going on with stamps and change-causes alone`]);
  });

  test.each([
    ['an unknown release', request('0.9', { requested: 'rollback' })],
    ['a rollback without a name', request('', { requested: 'rollback' })],
    ['a deploy without images', request('0.9')],
  ])('%s: the refusal names the missing rule', async (_, wanted) => {
    const shop = openShop(['web'], [V10, V11]);
    shop.ledgers.faults.at('read', forbidden);
    const refused = await prepare(shop, wanted);
    expect(refused.kind === 'refused' && refused.problems.join()).toContain(
      `; its ledger could not be read: ${forbidden.message}`,
    );
  });

  test('a record that cannot be read does not stop a rollback either', async () => {
    const shop = openShop();
    shop.ledgers.faults.at('read', new ClusterError('rejected', 'not valid JSON'));
    await prepare(shop, request('1.0'));
    expect(shop.log.warnings).toEqual(['not valid JSON; going on with stamps and change-causes alone']);
  });

  test('an API server that is away stops us', async () => {
    const shop = openShop();
    shop.ledgers.faults.at('read', new ClusterError('unreachable', 'no answer'));
    await expect(prepare(shop, request('1.0'))).rejects.toThrow('no answer');
  });
});
