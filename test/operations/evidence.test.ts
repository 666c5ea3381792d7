import { describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { gatherEvidence } from '../../src/operations/evidence.ts';
import type { Observation } from '../../src/operations/observe.ts';
import type { ClusterEvent, Condition, Pod } from '../../src/rollout/objects.ts';
import type { Cause } from '../../src/verdict/cause.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createLogBook } from '../fakes/log-book.ts';
import { createMemoryCluster } from '../fakes/memory-cluster.ts';
import { workloadOf } from '../release/workload.ts';
import { refOf, V10 } from './shop.ts';

const ESC = String.fromCharCode(0x1b);
const TOKEN = `ghp_${'a1B2'.repeat(9)}`;
const CAUSE: Cause = {
  code: 'container-crashed',
  message: 'container app exits 3',
  pods: ['web-c'],
  container: 'app',
  suspectNode: '',
};

function failingPod(name: string): Pod {
  const died = { terminated: { exitCode: 3 } };
  return {
    metadata: { name, namespace: 'shop', uid: `uid of ${name}`, resourceVersion: '1' },
    status: {
      conditions: [{ type: 'Ready', status: 'False' }],
      containerStatuses: [{ name: 'app', ready: false, restartCount: 1, state: { running: {} }, lastState: died }],
    },
  };
}

function event(uid: string, message: string, rest: Partial<ClusterEvent> = {}): ClusterEvent {
  return {
    metadata: { name: message, namespace: 'shop', uid: message, resourceVersion: '1' },
    involvedObject: { kind: 'Pod', name: uid.replace('uid of ', ''), uid },
    type: 'Warning',
    reason: 'Failed',
    message,
    ...rest,
  };
}

function scene({ conditions = [] as readonly Condition[], secrets = [] as readonly string[] } = {}) {
  const [cluster, clock, log] = [createMemoryCluster(), createFakeClock(), createLogBook()];
  const { deployment, replicaSets } = workloadOf([V10]);
  const observation: Observation = {
    deployment: { ...deployment, status: { conditions } },
    replicaSets,
    carrier: replicaSets[0],
    pods: ['web-a', 'web-b', 'web-c', 'web-d'].map(failingPod),
  };
  const gather = (cause: Cause | undefined = CAUSE, seen: Partial<Observation> = {}) =>
    gatherEvidence({ cluster, clock, log, secrets }, refOf('web'), { ...observation, ...seen }, cause);
  return { cluster, clock, log, observation, gather };
}

const NOTHING = { conditions: [], events: [], logs: [], gaps: [] };

test('the logs are those of three pods, the blamed one first, of both their lives', async () => {
  const { gather } = scene();
  const { logs } = await gather();
  expect(
    logs.map(({ pod, container, previous }) => `${pod} ${container} ${previous ? 'previous' : 'present'}`),
  ).toEqual(['web-c app previous', 'web-a app previous', 'web-b app previous']);
});

test('a log is its last 25 lines, without colours and credentials, indented as it was, none too long', async () => {
  const { cluster, gather } = scene({ secrets: ['shop-secret'] });
  const lines = [
    ...Array.from({ length: 30 }, (_, index) => `line ${index}`),
    `${ESC}[36mpassword${ESC}[0m=hunter2`,
    '\t  at main (app.js:1)',
    `token ${TOKEN} and shop-secret`,
    'x'.repeat(1_000_000),
  ];
  cluster.putLog({ pod: 'web-c', container: 'app', previous: true }, lines);
  const [log] = (await gather()).logs;
  expect(log?.lines).toHaveLength(25);
  expect(log?.lines.slice(-5)).toEqual([
    'line 29',
    'password=***',
    '      at main (app.js:1)',
    'token *** and ***',
    `${'x'.repeat(399)}…`,
  ]);
});

test('where both lives wrote the same, one of them is enough; else both are there', async () => {
  const { cluster, gather } = scene();
  for (const pod of ['web-a', 'web-c']) cluster.putLog({ pod, container: 'app', previous: true }, ['boom']);
  cluster.putLog({ pod: 'web-c', container: 'app' }, ['boom']);
  cluster.putLog({ pod: 'web-a', container: 'app' }, ['starting']);
  const { logs } = await gather();
  expect(logs.map(({ pod, previous, lines }) => [pod, previous, lines])).toEqual([
    ['web-c', true, ['boom']],
    ['web-a', true, ['boom']],
    ['web-a', false, ['starting']],
    ['web-b', true, []],
  ]);
});

test('events are those about the Deployment, the ReplicaSet and the failing pods', async () => {
  const { cluster, observation, gather } = scene();
  const { deployment, carrier } = observation;
  cluster.putEvents([
    event(deployment?.metadata.uid ?? '', 'of the Deployment'),
    event(carrier?.metadata.uid ?? '', 'of the ReplicaSet'),
    event('uid of web-d', `of a pod, with ${TOKEN}`, { count: 4 }),
    event('uid of another', 'of something else'),
  ]);
  expect((await gather()).events).toEqual([
    expect.stringMatching(/^Warning Failed pod\/.*: of the Deployment$/),
    expect.stringMatching(/^Warning Failed pod\/.*: of the ReplicaSet$/),
    '4 times Warning Failed pod/web-d: of a pod, with ***',
  ]);
});

test('conditions are those that are not as they should be, each once', async () => {
  const forbidden = {
    type: 'ReplicaFailure',
    status: 'True',
    reason: 'FailedCreate',
    message: 'exceeded quota',
  } as const;
  const conditions: readonly Condition[] = [
    { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
    { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' },
    forbidden,
    { type: 'ReplicaFailure', status: 'False' },
  ];
  const { observation, gather } = scene({ conditions });
  const carrier = observation.carrier && { ...observation.carrier, status: { conditions: [forbidden] } };
  expect((await gather(CAUSE, { carrier })).conditions).toEqual([
    'Progressing False ProgressDeadlineExceeded: timed out',
    'ReplicaFailure True FailedCreate: exceeded quota',
  ]);
});

describe('what cannot be read', () => {
  const refusal = (rule: string) => new ClusterError('forbidden', `logs in shop: forbidden; add to its Role: ${rule}`);

  test('is a gap, named once and warned of, and the rest is there', async () => {
    const { cluster, log, gather } = scene();
    cluster.putEvents([event('uid of web-a', 'a')]);
    cluster.faults.at('log', refusal('resources ["pods/log"]'), 6);
    expect(await gather()).toEqual({
      ...NOTHING,
      events: ['Warning Failed pod/web-a: a'],
      gaps: ['logs in shop: forbidden; add to its Role: resources ["pods/log"]'],
    });
    expect(log.warnings).toEqual(['logs in shop: forbidden; add to its Role: resources ["pods/log"]']);
  });

  test('is everything', async () => {
    const { cluster, gather } = scene();
    cluster.faults.at('log', new ClusterError('unreachable', 'logs in shop: the API server answers 503'), 6);
    cluster.faults.at('events', new Error('unforeseen'));
    expect(await gather()).toEqual({ ...NOTHING, gaps: ['unforeseen', 'logs in shop: the API server answers 503'] });
  });

  test('is there no pod, nothing is asked of it', async () => {
    const { gather } = scene();
    expect(await gather(undefined, { deployment: undefined, carrier: undefined, pods: undefined })).toEqual(NOTHING);
  });
});

test('what takes longer than 5 s is not waited for, and what came in time is kept', async () => {
  const { cluster, clock, log, observation } = scene();
  const signals: (AbortSignal | undefined)[] = [];
  const slow = {
    ...cluster,
    readLog: (_: string, { previous }: { readonly previous: boolean }, signal?: AbortSignal) => {
      signals.push(signal);
      return previous ? Promise.resolve(['boom']) : new Promise<never>(() => undefined);
    },
  };
  const gathering = gatherEvidence({ cluster: slow, clock, log }, refOf('web'), observation, CAUSE);
  await clock.advance(4_999);
  expect(signals.map((signal) => signal?.aborted)).toEqual(Array(6).fill(false));
  await clock.advance(1);
  const { logs, gaps } = await gathering;
  expect(logs.map(({ lines }) => lines)).toEqual([['boom'], ['boom'], ['boom']]);
  expect(gaps).toEqual(['logs in shop: not read within 5 s']);
  expect(signals.map((signal) => signal?.aborted)).toEqual(Array(6).fill(true));
  expect(clock.sleepers()).toBe(0);
});
