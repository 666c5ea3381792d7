import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Pod } from '../cluster/model/workload-objects.ts';
import { createCertificate } from '../cluster/server/certificate.ts';
import type { ApiClient } from './api-client.ts';
import { eventually } from './eventually.ts';

/** What autoscalers are told of how busy pods are. */
export interface PodMetrics {
  /** Sets how many thousandths of a processor the ready pods of a namespace share, in equal parts. */
  readonly load: (namespace: string, millicores: number) => void;
  readonly close: () => Promise<void>;
}

const group = 'metrics.k8s.io';
const version = `${group}/v1beta1`;
const place = '/api/v1/namespaces/kube-system/services';
const registrations = '/apis/apiregistration.k8s.io/v1/apiservices';
const [service, registration] = ['pod-metrics', `v1beta1.${group}`];

/**
 * Serves the API of resource metrics on an address that the API server reaches, in the place of metrics-server: the
 * figures are made up, the autoscaler that reads them is Kubernetes' own.
 */
export async function openPodMetrics(api: ApiClient, address: string): Promise<PodMetrics> {
  const loads = new Map<string, number>();
  const server = createServer(await createCertificate(address), async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', 'https://metrics');
    const [, namespace] = /\/namespaces\/([^/]+)\/pods$/.exec(url.pathname) ?? [];
    const answer = namespace === undefined ? discovery(url.pathname) : await usage(api, namespace, url.search, loads);
    outgoing.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(answer ?? {}));
  });
  await once(server.listen(0, address), 'listening');
  await register(api, address, (server.address() as AddressInfo).port);
  return {
    load: (namespace, millicores) => loads.set(namespace, millicores),
    close: async () => {
      await api.send({ method: 'DELETE', path: `${registrations}/${registration}` });
      await api.send({ method: 'DELETE', path: `${place}/${service}` });
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The API server proxies to a name without a look at endpoints, which nothing would route to here. */
async function register(api: ApiClient, address: string, port: number): Promise<void> {
  const spec = { type: 'ExternalName', externalName: address, ports: [{ port }] };
  await api.json({
    method: 'POST',
    path: place,
    body: { apiVersion: 'v1', kind: 'Service', metadata: { name: service }, spec },
  });
  const registered = {
    ...{ group, version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true },
    service: { namespace: 'kube-system', name: service, port },
  };
  const apiService = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: registration } };
  await api.json({ method: 'POST', path: registrations, body: { ...apiService, spec: registered } });
  await eventually('the API of resource metrics', async () => {
    return (await api.send({ path: `/apis/${version}` })).status === 200;
  });
}

function discovery(path: string): object | undefined {
  const resource = { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] };
  return path === `/apis/${version}`
    ? { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: version, resources: [resource] }
    : undefined;
}

/** Pods that are not ready do nothing. */
async function usage(api: ApiClient, namespace: string, search: string, loads: ReadonlyMap<string, number>) {
  const { items } = await api.json<{ readonly items: readonly Pod[] }>({
    path: `/api/v1/namespaces/${namespace}/pods${search}`,
  });
  const ready = items.filter(({ metadata, status }) => {
    const serves = status.conditions?.some((each) => each.type === 'Ready' && each.status === 'True');
    return serves && metadata.deletionTimestamp === undefined;
  });
  const cpu = `${Math.round((loads.get(namespace) ?? 0) / Math.max(ready.length, 1))}m`;
  // A window that reaches back to before a pod was ready makes the autoscaler wait for the next.
  const measured = { timestamp: new Date().toISOString(), window: '1s' };
  return {
    ...{ kind: 'PodMetricsList', apiVersion: version, metadata: {} },
    items: ready.map(({ metadata: { name, labels }, spec }) => ({
      ...{ metadata: { name, namespace, labels }, ...measured },
      containers: spec.containers.map((container) => ({ name: container.name, usage: { cpu, memory: '1Mi' } })),
    })),
  };
}
