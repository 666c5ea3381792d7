import type { ResourceQuota } from './neighbours.ts';
import type { PodTemplate } from './objects.ts';
import { podDemand } from './pod-demand.ts';
import { type Amount, parseQuantity, showQuantity } from './quantity.ts';
import { countsPods } from './quota-scope.ts';

/** Pods of one template that are to be there beside all that there are now. */
export interface Surge {
  readonly template: PodTemplate;
  readonly pods: number;
}

/** A quota without room. */
export interface Lack {
  /** `ResourceQuota shop/team` */
  readonly quota: string;
  /** `2 more pods (1 of 5 left), 500m more cpu (200m of 4 left)` */
  readonly needs: string;
}

/**
 * Which quotas have no room for these pods. Empty where all fit, as far as quotas can tell: what a LimitRange adds is not
 * counted.
 */
export function lackingRoom(quotas: readonly ResourceQuota[], surges: readonly Surge[]): readonly Lack[] {
  return quotas.flatMap((quota) => {
    const counted = surges.filter(({ template, pods }) => pods > 0 && countsPods(quota, template));
    const lacks = Object.keys(hardOf(quota)).flatMap((resource) => lack(quota, resource, counted) ?? []);
    const { namespace, name } = quota.metadata;
    return lacks.length > 0 ? [{ quota: `ResourceQuota ${namespace}/${name}`, needs: lacks.join(', ') }] : [];
  });
}

function lack(quota: ResourceQuota, resource: string, surges: readonly Surge[]): string | undefined {
  const needed = surges.reduce((sum, { template, pods }) => sum + BigInt(pods) * demandOf(template, resource), 0n);
  const hard = amountOf(hardOf(quota)[resource]);
  if (needed === 0n || hard === undefined) return undefined;
  const left = hard - (amountOf(quota.status?.used?.[resource]) ?? 0n);
  if (needed <= left) return undefined;
  const what = isCount(resource) ? (needed === ONE ? 'pod' : 'pods') : resource;
  const free = left > 0n ? left : 0n;
  return `${showQuantity(needed)} more ${what} (${showQuantity(free)} of ${showQuantity(hard)} left)`;
}

/** What one pod takes of what a quota counts; the bare names are requests. */
function demandOf(template: PodTemplate, resource: string): Amount {
  if (isCount(resource)) return ONE;
  const { requests, limits } = podDemand(template);
  const name = resource.replace(/^(requests|limits)\./, '');
  return (resource.startsWith('limits.') ? limits : requests).get(name) ?? 0n;
}

const ONE = 1_000_000_000n;

function isCount(resource: string): boolean {
  return resource === 'pods' || resource === 'count/pods';
}

/** What counts is what the quota controller has taken over. */
function hardOf({ spec, status }: ResourceQuota): Readonly<Record<string, string>> {
  return status?.hard ?? spec?.hard ?? {};
}

function amountOf(text: string | undefined): Amount | undefined {
  return text === undefined ? undefined : parseQuantity(String(text));
}
