import type { ServiceRef, Services } from '../ports.ts';
import type { Service } from '../rollout/service.ts';
import type { Requests } from './requests.ts';
import type { Subject } from './subject.ts';

/** Services over `requests`; needs the rights to get and patch them. */
export function createServices(requests: Requests): Services {
  return {
    async get(ref) {
      return (await requests.json({ subject: subject(ref, 'get'), path: pathOf(ref) })) as Service;
    },
    async patch(ref, patch, options) {
      const query = options?.dryRun ? { dryRun: 'All' } : {};
      return (await requests.json({
        subject: subject(ref, 'patch'),
        path: pathOf(ref),
        query,
        body: patch,
      })) as Service;
    },
  };
}

function subject({ namespace, name }: ServiceRef, verb: Subject['verb']): Subject {
  return { title: `service ${namespace}/${name}`, verb, group: '', resource: 'services' };
}

function pathOf({ namespace, name }: ServiceRef): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(name)}`;
}
