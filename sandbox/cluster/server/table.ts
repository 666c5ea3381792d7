import type { KubeObject } from '../model/kubernetes-objects.ts';
import { type Resource, resources } from '../model/resource.ts';
import type { ContainerStatus, Pod } from '../model/workload-objects.ts';
import { type Column, column } from './table-column.ts';
import { workloadColumns } from './workload-columns.ts';

/** Whether a client asks for rows to print instead of objects. */
export const wantsTable = (accept: string): boolean => accept.includes('as=Table');

/** Objects as `meta.k8s.io/v1` Table, with the columns of kubectl get. */
export const tableOf = (resource: Resource, objects: readonly KubeObject[], metadata: object, now: number): object => {
  const columns = columnsOf(resource);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ name, wide }) => ({
      name,
      type: 'string',
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority: wide ? 1 : 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, now)),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
};

const columnsOf = (resource: Resource): readonly Column[] => {
  const { before, after = [] } = workloadColumns.get(resource) ?? {};
  if (before !== undefined) return [name, ...before, age, ...after];
  if (resource === resources.pods) return [name, ...podColumns, age, ...placementColumns];
  if (resource === resources.configMaps) return [name, dataCount, age];
  return resource === resources.events ? eventColumns : [name, age];
};

const name = column('Name', ({ metadata }) => metadata.name);
const age: Column = { name: 'Age', cell: ({ metadata }, now) => elapsed(now - Date.parse(metadata.creationTimestamp)) };

const podColumns = [
  column<Pod>('Ready', ({ spec, status }) => {
    const ready = (status.containerStatuses ?? []).filter((container) => container.ready);
    return `${ready.length}/${spec.containers.length}`;
  }),
  column<Pod>('Status', (pod) => podReason(pod)),
  column<Pod>('Restarts', ({ status }) =>
    (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
  ),
];
const placementColumns = [
  column<Pod>('IP', ({ status }) => status.podIP ?? '<none>', true),
  column<Pod>('Node', ({ spec }) => spec.nodeName ?? '<none>', true),
];
const dataCount = column<KubeObject & { data?: object }>('Data', ({ data = {} }) => Object.keys(data).length);

interface EventObject extends KubeObject {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
  readonly involvedObject: { readonly kind: string; readonly name: string };
}
const eventColumns: readonly Column[] = [
  {
    name: 'Last Seen',
    cell: (event, now) => {
      const { lastTimestamp, eventTime } = event as EventObject;
      return elapsed(now - Date.parse(lastTimestamp ?? eventTime ?? ''));
    },
  },
  column<EventObject>('Type', ({ type }) => type),
  column<EventObject>('Reason', ({ reason }) => reason),
  column<EventObject>('Object', ({ involvedObject: { kind, name } }) => `${kind.toLowerCase()}/${name}`),
  column<EventObject>('Message', ({ message }) => message),
];

/** What `kubectl get pods` shows as the status: the reason that stops a container, else the phase. */
const podReason = ({ metadata, status }: Pod): string => {
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  const reasons = (status.containerStatuses ?? []).map(stateReason).filter((reason) => reason !== '');
  return reasons.at(-1) ?? status.phase;
};

const stateReason = ({ state }: ContainerStatus): string => {
  if ('waiting' in state) return state.waiting.reason;
  return 'terminated' in state ? state.terminated.reason : '';
};

const elapsed = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 120 ? `${seconds}s` : `${Math.floor(seconds / 60)}m`;
};
