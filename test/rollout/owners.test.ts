import { expect, test } from '@jest/globals';
import type { Deployment, ManagedFields } from '../../src/rollout/objects.ts';
import { ownersOf } from '../../src/rollout/owners.ts';
import { readFixture } from '../fixtures/load.ts';
import { deploymentOf } from '../release/workload.ts';

function owned(metadata: Partial<Deployment['metadata']>): Deployment {
  return { ...deploymentOf({}), metadata: { ...deploymentOf({}).metadata, ...metadata } };
}

function managed(...managedFields: readonly ManagedFields[]): Deployment {
  return owned({ managedFields });
}

const FLUX = 'kustomize.toolkit.fluxcd.io';

test.each<readonly [string, Deployment, readonly (readonly [string, boolean])[]]>([
  ['nobody', deploymentOf({}), []],
  [
    'Argo CD, by its annotation',
    owned({ annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }),
    [['Argo CD', true]],
  ],
  ['Argo CD, by its manager', managed({ manager: 'argocd-controller' }), [['Argo CD', true]]],
  ['Flux', owned({ labels: { [`${FLUX}/name`]: 'x' } }), [['Flux', true]]],
  [
    'Flux, told to leave it alone',
    owned({ labels: { [`${FLUX}/name`]: 'x' }, annotations: { [`${FLUX}/reconcile`]: 'disabled' } }),
    [['Flux', false]],
  ],
  [
    'Flux with Helm',
    owned({ labels: { 'helm.toolkit.fluxcd.io/name': 'x', 'app.kubernetes.io/managed-by': 'Helm' } }),
    [['Flux', true]],
  ],
  [
    'Helm',
    owned({ labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { 'meta.helm.sh/release-name': 'x' } }),
    [['Helm', false]],
  ],
  [
    'an autoscaler',
    managed({ manager: 'kube-controller-manager', subresource: 'scale' }),
    [['HorizontalPodAutoscaler', false]],
  ],
  ['the controller itself', managed({ manager: 'kube-controller-manager', subresource: 'status' }), []],
  ['kubectl scale', readFixture('managed-fields').deployment, []],
  [
    'two',
    owned({
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'argocd.argoproj.io/tracking-id': 'x' },
    }),
    [
      ['Argo CD', true],
      ['Helm', false],
    ],
  ],
])('%s', (_, deployment, owners) => {
  const found = ownersOf(deployment);
  expect(found.map(({ name, reverts }) => [name, reverts])).toEqual(owners);
  for (const { evidence } of found) expect(evidence).not.toBe('');
});
