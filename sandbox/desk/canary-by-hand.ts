import type { Deployment } from '../cluster/model/workload-objects.ts';
import type { ApiClient } from './api-client.ts';

/** A canary made with nothing but patches: what the technique itself does, without anybody who watches over it. */
export interface CanaryByHand {
  /** Puts an image on so many new pods beside all old ones: they never count as available, so no old one leaves for them. */
  readonly begin: (deployment: string, image: string, pods: number) => Promise<Deployment>;
  /** Keeps it there. Nothing moves by that. */
  readonly hold: (deployment: string) => Promise<Deployment>;
  /** Puts back what was there before `begin`, the template too where the canary is not to stay. */
  readonly end: (before: Deployment, template: 'new' | 'old') => Promise<Deployment>;
}

const longest = 2 ** 31 - 1;

/** Sends a canary's patches for the Deployments of a namespace. */
export function createCanaryByHand(api: ApiClient, namespace: string): CanaryByHand {
  const patch = (deployment: string, operations: readonly object[]) =>
    api.json<Deployment>({
      method: 'PATCH',
      path: `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`,
      body: operations,
      contentType: 'application/json-patch+json',
    });
  const put = (path: string, value: unknown) => ({ op: 'add', path: `/spec/${path}`, value });
  return {
    begin: (deployment, image, pods) =>
      patch(deployment, [
        put('template/spec/containers/0/image', image),
        put('strategy', { type: 'RollingUpdate', rollingUpdate: { maxSurge: pods, maxUnavailable: 0 } }),
        // A pod would have to be ready for 68 years, and has all the time for it.
        put('minReadySeconds', longest - 1),
        put('progressDeadlineSeconds', longest),
      ]),
    hold: (deployment) => patch(deployment, [put('paused', true)]),
    end: ({ metadata, spec }, template) =>
      patch(metadata.name, [
        put('paused', false),
        put('strategy', spec.strategy),
        put('minReadySeconds', spec.minReadySeconds ?? 0),
        put('progressDeadlineSeconds', spec.progressDeadlineSeconds ?? 600),
        ...(template === 'old' ? [put('template', spec.template)] : []),
      ]),
  };
}
