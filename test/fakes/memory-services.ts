import { applyJsonPatch } from '../../sandbox/cluster/patch/json-patch.ts';
import { ClusterError } from '../../src/errors.ts';
import type { Services } from '../../src/ports.ts';
import type { StringMap } from '../../src/rollout/objects.ts';
import type { Service } from '../../src/rollout/service.ts';
import { createFaults, type Faults } from './faults.ts';

export interface MemoryServices extends Services {
  readonly faults: Faults<'get' | 'patch' | 'rehearse'>;
  install(name: string, selector: StringMap, annotations?: StringMap): void;
  /** Whom a Service selects. */
  selector(name: string): StringMap;
  /** Every selector that a Service had, the first one first. */
  selectors(name: string): readonly StringMap[];
}

/** Services in memory, with JSON patches. */
export function createMemoryServices(): MemoryServices {
  const services = new Map<string, readonly Service[]>();
  const faults = createFaults<'get' | 'patch' | 'rehearse'>();
  const history = (name: string) => services.get(name) ?? [];
  const get = (name: string): Service => {
    const found = history(name).at(-1);
    if (!found) throw new ClusterError('not-found', `service shop/${name}: not found; check its name and namespace`);
    return found;
  };
  const put = (service: Service) => {
    const { name } = service.metadata;
    services.set(name, [...history(name), service]);
    return service;
  };
  return {
    faults,
    install: (name, selector, annotations = {}) => {
      const metadata = { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: '1', annotations };
      put({ metadata, spec: { selector } });
    },
    selector: (name) => get(name).spec.selector ?? {},
    selectors: (name) => history(name).map(({ spec }) => spec.selector ?? {}),
    async get({ name }) {
      faults.meet('get');
      return get(name);
    },
    async patch({ name }, patch, options) {
      faults.meet(options?.dryRun ? 'rehearse' : 'patch');
      try {
        const after = JSON.parse(JSON.stringify(applyJsonPatch(get(name), patch))) as Service;
        return options?.dryRun ? after : put(after);
      } catch (error) {
        if (error instanceof ClusterError) throw error;
        throw new ClusterError('conflict', `service shop/${name}: somebody else changed it`, { cause: error });
      }
    },
  };
}
