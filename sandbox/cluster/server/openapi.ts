import { unknownPath } from '../model/api-error.ts';
import { groupVersion, type Resource, resources } from '../model/resource.ts';
import { ok, type Reply } from './reply.ts';

const all: readonly Resource[] = Object.values(resources);
const rootOf = (resource: Resource): string => `${resource.group === '' ? 'api' : 'apis'}/${groupVersion(resource)}`;

/** The least of OpenAPI v3 that lets kubectl see that the server validates fields itself. */
export const describeApi = (path: string): Reply => {
  const root = path.replace(/^\/openapi\/v3\/?/, '');
  if (root === '') {
    const roots = [...new Set(all.map(rootOf))];
    const links = roots.map((name) => [name, { serverRelativeURL: `/openapi/v3/${name}?hash=1` }]);
    return ok({ paths: Object.fromEntries(links) });
  }
  const served = all.filter((resource) => rootOf(resource) === root);
  if (served.length === 0) throw unknownPath();
  return ok({
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.35.4' },
    paths: Object.fromEntries(served.map((resource) => [pathOf(resource), { patch: patchOperation(resource) }])),
  });
};

const pathOf = (resource: Resource): string =>
  `/${rootOf(resource)}${resource.namespaced ? '/namespaces/{namespace}' : ''}/${resource.plural}/{name}`;

const patchOperation = ({ group, version, kind }: Resource) => ({
  parameters: ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string', uniqueItems: true },
  })),
  responses: { 200: { description: 'OK' } },
  'x-kubernetes-action': 'patch',
  'x-kubernetes-group-version-kind': { group, version, kind },
});
