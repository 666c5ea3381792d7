import { ClusterError } from '../errors.ts';
import type { ServiceRef, Services } from '../ports.ts';
import type { StringMap } from '../rollout/objects.ts';
import { type Service, sameSelector, selectorPatch } from '../rollout/service.ts';

export type Switching =
  | { readonly kind: 'switched'; readonly service: Service }
  /** Somebody else changed what it selects after it was read; nothing was written. */
  | { readonly kind: 'outrun' };

/** Points a Service at other pods in one guarded patch. Throws ClusterError. */
export async function switchService(
  services: Services,
  ref: ServiceRef,
  service: Service,
  selector: StringMap,
): Promise<Switching> {
  try {
    return { kind: 'switched', service: await services.patch(ref, selectorPatch(service, selector)) };
  } catch (error) {
    if (!(error instanceof ClusterError && (error.kind === 'conflict' || error.kind === 'rejected'))) throw error;
    const now = await services.get(ref);
    const same = now.metadata.uid === service.metadata.uid;
    // A patch that was sent again because its answer was lost fails the test of the selector that it changed itself.
    if (same && sameSelector(now.spec.selector, selector)) return { kind: 'switched', service: now };
    if (same && sameSelector(now.spec.selector, service.spec.selector)) throw error;
    return { kind: 'outrun' };
  }
}
