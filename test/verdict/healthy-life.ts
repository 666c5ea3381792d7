import {
  type ContainerAt,
  ended,
  type MomentOf,
  type PodAt,
  ready,
  restarted,
  starting,
  unready,
  waiting,
} from './story.ts';

/** What happened to a pod, and when (seconds). */
type Step = readonly [at: number, pod: PodAt];

export type Random = () => number;

/** The same numbers for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PASSING = ['dial tcp: i/o timeout', 'connect: connection refused', '503 Service Unavailable', 'no such host'];

/**
 * A release that is well in the end, as a watch tells of it: late nodes, images and Secrets, up to `crashes` crashes of
 * a container before its pod is ready, evicted pods, readiness that comes and goes, a restart of one pod when complete.
 */
export function healthyLife(random: Random, { crashes = 2, relapses = 1 } = {}): readonly MomentOf[] {
  const replicas = 1 + Math.floor(random() * 5);
  const starts = Array.from({ length: replicas }, (_, index) => startOf(`web-${index}`, random, crashes));
  const completeAt = Math.max(...starts.map((steps) => steps.at(-1)?.[0] ?? 0)) + 1;
  const lives = starts.map((steps, index) => [
    ...steps,
    ...flaps(steps.at(-1)?.[1] ?? {}, completeAt, random),
    ...(index === 0 ? relapsesOf(steps.at(-1)?.[1] ?? {}, completeAt + 40 * random(), relapses) : []),
  ]);
  const changes = [...new Set([...lives.flat().map(([at]) => at), completeAt])].sort((a, b) => a - b);
  return changes.map((at) => ({
    at,
    replicas,
    completed: at >= completeAt,
    pods: lives.flatMap((steps) => podsAt(steps, at)),
  }));
}

/** The pod as it is, and the ones before it that were evicted. */
function podsAt(steps: readonly Step[], at: number): readonly PodAt[] {
  const latest = new Map(steps.filter(([since]) => since <= at).map(([, pod]) => [pod.uid, pod]));
  return [...latest.values()];
}

function startOf(name: string, random: Random, crashes: number): readonly Step[] {
  const node = `n${Math.floor(random() * 3)}`;
  const steps: Step[] = [];
  let at = random() * 20;
  let uid = `${name}-first`;
  const step = (pod: PodAt, seconds: number) => {
    steps.push([at, { name, uid, node, ...pod }]);
    at += seconds;
  };
  const happens = (share: number) => random() < share;
  if (happens(0.2))
    step({ unscheduled: { reason: 'Unschedulable', message: '0/3 nodes are available' } }, random() * 100);
  if (happens(0.2)) {
    step({ app: unready }, random() * 10);
    step({ disrupted: true, app: ended(137) }, 1);
    step({ evicted: 'The node was low on resource: memory. ', app: ended(137) }, 1);
    uid = `${name}-second`;
  }
  step({ app: starting }, random() * 2);
  for (let failed = happens(0.3) ? 2 : 0; failed > 0; failed -= 1) {
    const error = PASSING[Math.floor(random() * PASSING.length)] ?? '';
    step({ app: waiting('ErrImagePull', error) }, 10 + random() * 5);
    step({ app: waiting('ImagePullBackOff', `Back-off pulling image "registry/web:9": ErrImagePull: ${error}`) }, 15);
  }
  if (happens(0.2)) step({ app: waiting('CreateContainerConfigError', 'secret "keys" not found') }, 10 + random() * 6);
  const container = happens(0.2) ? 'init' : happens(0.2) ? 'sidecar' : 'app';
  const times = Math.floor(random() * (crashes + 1));
  for (const life of crashing(times)) step({ app: starting, [container]: life }, random() * 10);
  const restarts = Math.max(0, times);
  const well: Record<string, ContainerAt> = {
    app: { app: times > 0 ? restarted(1, restarts) : ready },
    init: { init: { ...ended(0, restarts), lastState: { terminated: { exitCode: 1 } } } },
    sidecar: { sidecar: restarted(1, restarts) },
  }[container] as Record<string, ContainerAt>;
  step({ ...well, app: { ...ready, ...well['app'], ready: false } }, random() * 90);
  step(well, 0);
  return steps;
}

function crashing(times: number): readonly ContainerAt[] {
  return Array.from({ length: times }, (_, restarts) => [
    ended(1, restarts),
    {
      ...waiting('CrashLoopBackOff', 'back-off', restarts),
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    },
    restarted(1, restarts + 1, false),
  ]).flat();
}

function flaps(pod: PodAt, from: number, random: Random): readonly Step[] {
  const seconds = Array.from({ length: Math.floor(random() * 6) }, () => from + random() * 40).sort((a, b) => a - b);
  const at = (index: number): PodAt => (index % 2 === 0 ? { ...pod, app: { ...pod.app, ...unready } } : pod);
  return seconds.map((second, index) => [second, at(index)]);
}

function relapsesOf(pod: PodAt, from: number, times: number): readonly Step[] {
  const { restartCount = 0 } = pod.app ?? {};
  return Array.from({ length: times }, (_, index): readonly Step[] => [
    [from + 50 + index * 20, { ...pod, app: ended(1, restartCount + index) }],
    [from + 51 + index * 20, { ...pod, app: restarted(1, restartCount + index + 1) }],
  ]).flat();
}
