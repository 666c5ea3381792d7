import { groupVersion, type Resource, resources } from '../model/resource.ts';
import { describeApi } from './openapi.ts';
import { ok, type Reply } from './reply.ts';
import type { RawRequest } from './routes.ts';

const version = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.4',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'go1.25',
  compiler: 'gc',
  platform: 'linux/amd64',
};

const all: readonly Resource[] = Object.values(resources);
const groups: readonly string[] = [...new Set(all.map(({ group }) => group))].filter((group) => group !== '');
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** Answers the paths that name no object: API groups and their resources, version, health. */
export const discover = ({ path, accept }: RawRequest): Reply => {
  const aggregated = accept.includes('as=APIGroupDiscoveryList');
  if (path.startsWith('/openapi/v3')) return describeApi(path);
  if (path === '/version') return ok(version);
  if (['/healthz', '/readyz', '/livez'].includes(path)) return { code: 200, text: 'ok' };
  if (path === '/api') return aggregated ? aggregatedGroups(['']) : ok({ kind: 'APIVersions', versions: ['v1'] });
  if (path === '/apis')
    return aggregated
      ? aggregatedGroups(groups)
      : ok({ kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(apiGroup) });
  const parts = path.split('/').filter((part) => part !== '');
  const group = parts.length === 2 && parts[0] === 'apis' ? groups.find((name) => name === parts[1]) : undefined;
  if (group !== undefined) return ok({ kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group) });
  const wanted = parts.slice(1).join('/');
  const served = all.filter((resource) => groupVersion(resource) === wanted);
  if (served.length === 0) return { code: 404, text: '404 page not found\n' };
  return ok({
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: wanted,
    resources: served.flatMap(apiResources),
  });
};

/** What `kubectl get all` shows. */
const inAll: ReadonlySet<Resource> = new Set([
  resources.pods,
  resources.services,
  resources.deployments,
  resources.replicaSets,
  resources.statefulSets,
  resources.daemonSets,
  resources.autoscalers,
]);

const versionOf = (group: string): string => all.find((resource) => resource.group === group)?.version ?? 'v1';

const apiGroup = (name: string) => {
  const preferred = { groupVersion: `${name}/${versionOf(name)}`, version: versionOf(name) };
  return { name, versions: [preferred], preferredVersion: preferred };
};

const apiResources = (resource: Resource): readonly object[] => {
  const { plural, singular, kind, namespaced, shortNames, subresources } = resource;
  return [
    { name: plural, singularName: singular, namespaced, kind, verbs, shortNames },
    ...subresources.map((name) => ({
      name: `${plural}/${name}`,
      singularName: '',
      namespaced,
      ...subresourceKind(resource, name),
      verbs: ['get', 'patch', 'update'],
    })),
  ];
};

const subresourceKind = ({ kind }: Resource, name: string) =>
  name === 'scale' ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : { kind };

const aggregatedGroups = (names: readonly string[]): Reply => ({
  code: 200,
  contentType: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  body: {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: names.map((name) => ({
      metadata: name === '' ? { creationTimestamp: null } : { name, creationTimestamp: null },
      versions: [
        {
          version: versionOf(name),
          freshness: 'Current',
          resources: all.filter(({ group }) => group === name).map(aggregatedResource),
        },
      ],
    })),
  },
});

const aggregatedResource = (resource: Resource): object => {
  const { plural, singular, kind, namespaced, shortNames, subresources, group, version: served } = resource;
  return {
    resource: plural,
    responseKind: { group, version: served, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    shortNames,
    ...(inAll.has(resource) ? { categories: ['all'] } : {}),
    subresources: subresources.map((name) => ({
      subresource: name,
      responseKind:
        name === 'scale' ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : { group, version: served, kind },
      verbs: ['get', 'patch', 'update'],
    })),
  };
};
