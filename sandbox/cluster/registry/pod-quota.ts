import { forbidden } from '../model/api-error.ts';
import type { KubeObject, StringMap } from '../model/kubernetes-objects.ts';
import { formatQuantity, parseQuantity } from '../model/quantities.ts';
import { resources } from '../model/resource.ts';
import type { Container, Pod, PodSpec } from '../model/workload-objects.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { specOf } from './generation.ts';

/** What a pod takes of each resource that a quota can count, in thousandths. */
type Usage = Readonly<Record<string, number>>;

/** Refuses a new pod beyond a ResourceQuota on pods, processor time or memory; scopes are not looked at. */
export const checkQuotas = (pod: KubeObject, store: ObjectStore): void => {
  const { name, namespace = '' } = pod.metadata;
  const spec = specOf(pod) as PodSpec;
  for (const quota of store.list(resources.resourceQuotas, namespace)) {
    const hard = hardOf(quota);
    const unsaid = computed
      .filter((resource) => resource in hard)
      .map((resource) => ({ resource, names: spec.containers.filter((each) => !(resource in usageOf(each))) }))
      .filter(({ names }) => names.length > 0)
      .map(({ resource, names }) => `${resource} for: ${names.map((each) => each.name).join()}`);
    const failed = `failed quota: ${quota.metadata.name}: must specify ${unsaid.join('; ')}`;
    if (unsaid.length > 0) throw forbidden(resources.pods, name, failed);
    const used = usedIn(store, namespace);
    const wanted = podUsage(spec);
    const exceeded = Object.keys(hard)
      .filter((resource) => resource in wanted)
      .filter((resource) => (used[resource] ?? 0) + (wanted[resource] ?? 0) > parseQuantity(hard[resource] ?? ''))
      .sort();
    if (exceeded.length === 0) continue;
    const listed = (text: (resource: string) => string) => exceeded.map((each) => `${each}=${text(each)}`).join();
    const amounts = `requested: ${listed((each) => formatQuantity(wanted[each] ?? 0))}, used: ${listed((each) => formatQuantity(used[each] ?? 0))}`;
    const message = `exceeded quota: ${quota.metadata.name}, ${amounts}, limited: ${listed((each) => hard[each] ?? '')}`;
    throw forbidden(resources.pods, name, message);
  }
};

/** What a quota allows, as quantities. */
export const hardOf = (quota: KubeObject): StringMap => {
  const { hard = {} } = (specOf(quota) ?? {}) as { readonly hard?: Readonly<Record<string, string | number>> };
  return Object.fromEntries(Object.entries(hard).map(([resource, amount]) => [resource, String(amount)]));
};

/** What the pods of a namespace take together; those that have ended take nothing. */
export const usedIn = (store: Pick<ObjectStore, 'list'>, namespace: string): Usage =>
  (store.list(resources.pods, namespace) as unknown as readonly Pod[])
    .filter(({ status }) => status.phase !== 'Succeeded' && status.phase !== 'Failed')
    .map(({ spec }) => podUsage(spec))
    .reduce(sum, {});

const podUsage = ({ containers }: PodSpec): Usage => containers.map(usageOf).reduce(sum, { pods: 1000 });

const sum = (a: Usage, b: Usage): Usage =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((key) => [key, (a[key] ?? 0) + (b[key] ?? 0)]),
  );

/** A container asks for what it is limited to where it does not say. */
const usageOf = ({ resources: { limits = {}, requests = {} } = {} }: Container): Usage => {
  const asked = { ...limits, ...requests };
  const amounts = ['cpu', 'memory'].flatMap((resource) => [
    [resource, asked[resource]],
    [`requests.${resource}`, asked[resource]],
    [`limits.${resource}`, limits[resource]],
  ]);
  return Object.fromEntries(
    amounts.flatMap(([resource, amount]) => (amount === undefined ? [] : [[resource, parseQuantity(amount)]])),
  );
};

const computed = ['cpu', 'limits.cpu', 'limits.memory', 'memory', 'requests.cpu', 'requests.memory'];
