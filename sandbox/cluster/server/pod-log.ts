import type { ImageScript } from '../kubelet/image-script.ts';
import { badRequest } from '../model/api-error.ts';
import { resources } from '../model/resource.ts';
import type { Container, Pod } from '../model/workload-objects.ts';
import type { Registry } from '../registry/registry.ts';
import type { ApiRequest } from './api-request.ts';
import type { Reply } from './reply.ts';

/** Answers `pods/name/log` from the image's script; knows `container`, `previous` and `tailLines`. */
export const readPodLog = (registry: Registry, images: ImageScript, { namespace, name, query }: ApiRequest): Reply => {
  const pod = registry.get({ resource: resources.pods, namespace, name }) as Pod;
  const container = chooseContainer(pod, query.get('container'));
  const status = pod.status.containerStatuses?.find((candidate) => candidate.name === container.name);
  const previous = query.get('previous') === 'true';
  if (previous && (status === undefined || status.restartCount === 0))
    throw badRequest(`previous terminated container "${container.name}" in pod "${name}" not found`);
  if (!previous && (status?.containerID === undefined || status.restartCount === 0)) {
    const waiting = status === undefined || 'waiting' in status.state ? whyWaiting(status?.state) : undefined;
    if (waiting !== undefined)
      throw badRequest(`container "${container.name}" in pod "${name}" is waiting to start: ${waiting}`);
  }
  const lines = images.log(container.image);
  const tail = query.get('tailLines');
  const shown = tail === null ? lines : lines.slice(Math.max(0, lines.length - Number(tail)));
  return { code: 200, text: shown.map((line) => `${line}\n`).join('') };
};

const whyWaiting = (state: object | undefined): string => {
  const { reason = 'ContainerCreating' } = (state as { waiting?: { reason?: string } } | undefined)?.waiting ?? {};
  return reason === 'ImagePullBackOff' || reason === 'ErrImagePull' ? 'trying and failing to pull image' : reason;
};

const chooseContainer = (pod: Pod, wanted: string | null): Container => {
  const { name } = pod.metadata;
  const { containers } = pod.spec;
  const names = containers.map((container) => container.name);
  if (wanted === null && containers.length > 1)
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`);
  const found = containers.find((container) => container.name === (wanted ?? names[0]));
  if (found === undefined) throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  return found;
};
