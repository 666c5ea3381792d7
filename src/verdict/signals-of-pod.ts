import type { Pod } from '../rollout/objects.ts';
import { isReady } from '../rollout/pods.ts';
import { containersOf, type PodContainer } from './containers.ts';
import { crashSightings } from './crashes.ts';
import { shorten } from './describe.ts';
import type { Memory } from './memory.ts';
import { type PodReference, referenceTo, type Sighting } from './signal.ts';
import { creationTrouble } from './waiting-reasons.ts';

/** What a pod shows now: its containers' trouble, or else what it waits for; nothing where it is ready and well. */
export function signalsOfPod(pod: Pod, { lives, pulls, incarnations, completedAt }: Memory): readonly Sighting[] {
  const containers = containersOf(pod);
  const reference = referenceTo(pod);
  const isComplete = completedAt !== undefined;
  const wasReady = incarnations[pod.metadata.uid]?.readyAt !== undefined;
  const found = containers.flatMap((container) => {
    const trouble = creationTrouble(container, pulls[container.key]);
    const known = lives[container.key];
    return trouble ?? (known ? crashSightings(container, known, { isComplete, wasReady }) : []);
  });
  if (found.length > 0) return found.map((each) => ({ ...each, pod: reference }));
  return isReady(pod) ? [] : [waitingSignal(pod, reference, containers)];
}

/** What a pod waits for that has no trouble and is not ready. */
function waitingSignal(pod: Pod, reference: PodReference, containers: readonly PodContainer[]): Sighting {
  const { name } = pod.metadata;
  const sighting = { pod: reference, container: '', times: 1 };
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'SchedulingGated')
    return { ...sighting, sign: 'not-ready', code: 'unschedulable', clause: `${name} waits for its scheduling gates` };
  if (scheduled?.status === 'False')
    return { ...sighting, sign: 'unschedulable', code: 'unschedulable', clause: noNode(scheduled.message ?? '') };
  const initializing = containers.find(({ role, status }) => role === 'init container' && status.state?.running);
  if (initializing)
    return {
      ...sighting,
      ...notReady,
      container: initializing.name,
      clause: `not ready: init container ${initializing.name} of ${name} still runs`,
    };
  const creating = containers.some(({ status }) => CREATING.includes(status.state?.waiting?.reason ?? ''));
  if (creating || containers.length === 0)
    return { ...sighting, sign: 'mounting', code: 'volume-not-mounted', clause: MOUNTING };
  const unready = containers.find(({ role, status }) => role !== 'init container' && !status.ready);
  return {
    ...sighting,
    ...notReady,
    container: unready?.name ?? '',
    clause: `not ready: ${name} runs, but ${probeState(unready)}`,
  };
}

const notReady = { sign: 'not-ready', code: 'not-ready' } as const;

const CREATING: readonly string[] = ['ContainerCreating', 'PodInitializing'];

const MOUNTING = 'the containers are not created yet: a volume is not mounted, or an image is still being pulled';

/** Without what the scheduler says of preemption, which is of no use to who has to find a node. */
function noNode(message: string): string {
  return shorten(
    `no node takes the pods: ${message.replace(/( no new claims to deallocate,)?( preemption: .*)?$/s, '')}`,
  );
}

function probeState(container: PodContainer | undefined): string {
  if (!container) return 'not all of its readiness gates are open';
  const probe = container.status.started === false ? 'startup' : 'readiness';
  return `the ${probe} probe of ${container.role} ${container.name} does not pass`;
}
