import { ApiError } from '../model/api-error.ts';
import type { KubeObject } from '../model/kubernetes-objects.ts';
import { type Resource, resources } from '../model/resource.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { checkPolicies } from './admission-policy.ts';
import { checkQuotas } from './pod-quota.ts';

export type Admission = ReturnType<typeof createAdmission>;

/** What a new pod must pass, in the API server's order: policies, webhooks, quotas. */
export const createAdmission = (store: ObjectStore) => {
  const webhooks = new Map<string, { readonly message: string; left: number }>();
  return {
    /** Throws, in the API server's words, where a new object may not be. */
    admit: (resource: Resource, object: KubeObject): void => {
      if (resource !== resources.pods) return;
      checkPolicies(resource, object, store);
      const webhook = webhooks.get(object.metadata.namespace ?? '');
      if (webhook !== undefined && webhook.left > 0) {
        webhook.left -= 1;
        throw new ApiError(500, 'InternalError', `Internal error occurred: ${webhook.message}`);
      }
      checkQuotas(object, store);
    },
    /** Has the webhook of a namespace fail for its next new pods. */
    failWebhook: (namespace: string, times: number, message: string): void => {
      webhooks.set(namespace, { message, left: times });
    },
  };
};
