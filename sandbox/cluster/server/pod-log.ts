import type { ImageScript } from '../kubelet/image-script.ts';
import { badRequest } from '../model/api-error.ts';
import { resources } from '../model/resource.ts';
import type { Container, ContainerStatus, Pod } from '../model/workload-objects.ts';
import type { Registry } from '../registry/registry.ts';
import type { ApiRequest } from './api-request.ts';
import type { Reply } from './reply.ts';

/** Answers `pods/name/log` from the image's script; knows `container`, `previous`, `tailLines` and `limitBytes`. */
export const readPodLog = (registry: Registry, images: ImageScript, { namespace, name, query }: ApiRequest): Reply => {
  const pod = registry.get({ resource: resources.pods, namespace, name }) as Pod;
  const container = chooseContainer(pod, query.get('container'));
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status;
  const statuses = [...initContainerStatuses, ...containerStatuses];
  const status = statuses.find((candidate) => candidate.name === container.name);
  const previous = query.get('previous') === 'true';
  if (pod.spec.nodeName === undefined) return { code: 204, text: '' };
  if (previous && !hasEnded(status))
    throw badRequest(`previous terminated container "${container.name}" in pod "${name}" not found`);
  if (status?.containerID === undefined)
    throw badRequest(`container "${container.name}" in pod "${name}" is waiting to start: ${whyWaiting(status)}`);
  const lines = images.log(container.image);
  const tail = query.get('tailLines');
  const shown = tail === null ? lines : lines.slice(Math.max(0, lines.length - Number(tail)));
  const text = Buffer.from(shown.map((line) => `${line}\n`).join(''));
  return { code: 200, text: text.subarray(0, Number(query.get('limitBytes') ?? text.length)).toString() };
};

const hasEnded = (status: ContainerStatus | undefined): boolean =>
  status !== undefined && 'terminated' in status.lastState;

const whyWaiting = (status: ContainerStatus | undefined): string => {
  const reason = status !== undefined && 'waiting' in status.state ? status.state.waiting.reason : 'ContainerCreating';
  if (reason === 'ErrImagePull') return "image can't be pulled";
  return reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason;
};

const chooseContainer = (pod: Pod, wanted: string | null): Container => {
  const { name } = pod.metadata;
  const { containers, initContainers = [] } = pod.spec;
  const names = containers.map((container) => container.name);
  if (wanted === null && containers.length > 1)
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`);
  const found = [...containers, ...initContainers].find((container) => container.name === (wanted ?? names[0]));
  if (found === undefined) throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  return found;
};
