import { findCondition } from '../controllers/conditions.ts';
import type { ImageScript } from '../kubelet/image-script.ts';
import { ApiError } from '../model/api-error.ts';
import type { KubeObject, StringMap } from '../model/kubernetes-objects.ts';
import { resources } from '../model/resource.ts';
import { matchesSelector } from '../model/selectors.ts';
import type { Pod } from '../model/workload-objects.ts';
import type { Registry } from '../registry/registry.ts';
import type { ApiRequest } from './api-request.ts';
import type { Reply } from './reply.ts';

interface Service extends KubeObject {
  readonly spec: {
    readonly selector?: StringMap;
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
  };
}

/** Answers `services/[scheme:]name[:port]/proxy/…` as a ready pod of the service would: with the body of its image. */
export const proxyService = (registry: Registry, images: ImageScript, request: ApiRequest): Reply => {
  const { namespace, rest } = request;
  const { name, port } = parseName(request.name);
  const service = registry.get({ resource: resources.services, namespace, name }) as Service;
  const ready = registry
    .list(resources.pods, namespace)
    .filter((pod) => serves(service, pod as Pod)) as unknown as readonly Pod[];
  const pod = ready[Math.floor(Math.random() * ready.length)];
  if (!hasPort(service, port))
    throw new ApiError(503, 'ServiceUnavailable', `no service port ${port} found for service "${name}"`);
  if (pod === undefined)
    throw new ApiError(503, 'ServiceUnavailable', `no endpoints available for service "${request.name}"`);
  const image = pod.spec.containers[0]?.image ?? '';
  if (rest === '/' || rest === '/index.html') return { code: 200, text: images.body(image) };
  const behaviour = images.behaviour(image);
  const hangs = behaviour.does === 'serve' && behaviour.hangs;
  return rest === '/alive' && !hangs ? { code: 200, text: 'yes' } : { code: 404, text: '404 Not Found' };
};

const parseName = (given: string): { name: string; port: string } => {
  const parts = given.split(':');
  const [name = '', port = ''] = parts.length === 3 ? parts.slice(1) : parts;
  return { name, port };
};

const hasPort = ({ spec }: Service, wanted: string): boolean =>
  wanted === '' || (spec.ports ?? []).some(({ name, port }) => name === wanted || String(port) === wanted);

const serves = ({ spec }: Service, { metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  findCondition(status.conditions, 'Ready')?.status === 'True' &&
  matchesSelector({ matchLabels: spec.selector ?? {} }, metadata.labels);
