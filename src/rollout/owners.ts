import type { KubernetesObject } from './objects.ts';

/** Somebody else who writes to the workload, too. */
export interface Owner {
  readonly name: 'Argo CD' | 'Flux' | 'Helm' | 'HorizontalPodAutoscaler';
  /** Whether it puts its own template back, so that a rollback would not last. */
  readonly reverts: boolean;
  /** What gave it away. */
  readonly evidence: string;
}

/** Who else owns an object, from its labels, annotations and managed fields: no further rights are needed. */
export function ownersOf(object: KubernetesObject): readonly Owner[] {
  const { labels = {}, annotations = {}, managedFields = [] } = object.metadata;
  const marks = { ...labels, ...annotations };
  const mark = (prefix: string) => Object.keys(marks).find((key) => key.startsWith(prefix));
  const scaled = managedFields.some(
    (field) => field.manager === 'kube-controller-manager' && field.subresource === 'scale',
  );
  const argo = mark('argocd.argoproj.io/tracking-id') ?? managerNamed(object, 'argocd');
  const paused = marks['kustomize.toolkit.fluxcd.io/reconcile'] === 'disabled';
  const flux = mark('kustomize.toolkit.fluxcd.io/name') ?? mark('helm.toolkit.fluxcd.io/name');
  const helm = labels['app.kubernetes.io/managed-by'] === 'Helm' || mark('meta.helm.sh/release-name') !== undefined;
  return [
    ...owner('Argo CD', true, argo),
    ...owner('Flux', !paused, flux),
    ...owner('Helm', false, helm && !flux ? 'meta.helm.sh/release-name' : undefined),
    ...owner('HorizontalPodAutoscaler', false, scaled ? 'it has set the replicas' : undefined),
  ];
}

function owner(name: Owner['name'], reverts: boolean, evidence: string | undefined): readonly Owner[] {
  return evidence ? [{ name, reverts, evidence }] : [];
}

function managerNamed({ metadata }: KubernetesObject, prefix: string): string | undefined {
  return metadata.managedFields?.find(({ manager }) => manager?.startsWith(prefix))?.manager;
}
