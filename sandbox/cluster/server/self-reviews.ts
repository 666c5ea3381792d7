import { unknownPath } from '../model/api-error.ts';
import type { Registry } from '../registry/registry.ts';
import type { ApiRequest } from './api-request.ts';
import { type Attributes, isAllowed, rulesFor } from './authorization.ts';
import { created, type Reply } from './reply.ts';

export const reviewGroup = { group: 'authorization.k8s.io', version: 'v1' } as const;

interface ReviewSpec {
  readonly namespace?: string;
  readonly resourceAttributes?: Partial<Attributes> & { readonly resource?: string };
}

/** Answers what the asking user may do: SelfSubjectRulesReview and SelfSubjectAccessReview. */
export const reviewSelf = (registry: Registry, { plural, user, body }: ApiRequest): Reply => {
  const { spec = {} } = (body ?? {}) as { spec?: ReviewSpec };
  const review = (kind: string, status: object): Reply =>
    created({ kind, apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec, status });
  if (plural === 'selfsubjectrulesreviews') {
    const resourceRules = rulesFor(registry, user, spec.namespace ?? '');
    return review('SelfSubjectRulesReview', { resourceRules, nonResourceRules: [], incomplete: false });
  }
  if (plural !== 'selfsubjectaccessreviews') throw unknownPath();
  const { resource = '', ...asked } = spec.resourceAttributes ?? {};
  const attributes = { verb: '', group: '', subresource: '', namespace: '', name: '', ...asked, plural: resource };
  return review('SelfSubjectAccessReview', { allowed: isAllowed(registry, user, attributes) });
};
