import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { replay } from './replay.ts';
import { policyOf } from './story.ts';

const POD = String.raw`web-\w+-\w+`;

type Verdict = readonly [life: string, balanced: number | undefined, strict: number | undefined, message: string];

/** Seconds after the start of a rollout on a real cluster at which each level decides; undefined: only a deadline does. */
const BAD: readonly Verdict[] = [
  ['crash-at-start', 12.999, 1.691, 'container-crashed: container web exits 3, 2 restarts'],
  ['exits-zero', 13.78, 1.706, 'container-crashed: container web exits 0, 2 restarts'],
  ['dies-after-ten-seconds', 21.831, 10.782, 'container-crashed: container web exits 1, 1 restart'],
  ['liveness-kills', 8.784, 4.762, 'container-crashed: container web exits 0, 2 restarts'],
  ['init-container-crashes', 14.151, 1.924, 'container-crashed: init container migrate exits 4, 2 restarts'],
  ['sidecar-crashes', 15.926, 1.755, 'container-crashed: sidecar container mesh exits 5, 2 restarts'],
  ['out-of-memory', 1.715, 0.682, 'out-of-memory: container web is out of memory (limit 64Mi), 1 restart'],
  [
    'command-not-found',
    1.916,
    0.733,
    'container-not-started: command of container web not found: exec: "/no/such/program": stat /no/such/program: no such file or directory',
  ],
  [
    'post-start-hook-fails',
    12.81,
    1.862,
    'container-not-started: postStart hook of container web fails, 2 restarts: exec: "/no/such/hook": stat /no/such/hook: no such file or directory',
  ],
  ['image-name-invalid', 0.713, 0.713, 'image-invalid: image name Web:1 is not valid'],
  ['image-not-found', 10.702, 0.702, 'image-not-found: image 127.0.0.1:5000/web:9 is not there: not found'],
  ['sidecar-image-missing', 10.77, 0.77, 'image-not-found: image 127.0.0.1:5000/mesh:9 is not there: not found'],
  ['config-map-missing', 18.704, 3.704, 'config-missing: configmap "settings" not found (container web)'],
  [
    'secret-key-missing',
    18.57,
    3.57,
    "config-missing: couldn't find key api in Secret secret-key-missing/keys (container web)",
  ],
  [
    'run-as-root-refused',
    18.86,
    3.86,
    'config-missing: container has runAsNonRoot and image will run as root (container web)',
  ],
  [
    'quota-exceeded',
    15.079,
    3.079,
    'quota-exceeded: no pod can be made: exceeded quota: pods, requested: pods=1, used: pods=3, limited: pods=3',
  ],
  [
    'replica-set-refused',
    15.083,
    3.083,
    'quota-exceeded: no ReplicaSet can be made: exceeded quota: sets, requested: count/replicasets.apps=1, used: count/replicasets.apps=1, limited: count/replicasets.apps=1',
  ],
  [
    'admission-denied',
    10.08,
    2.08,
    "admission-denied: no pod is admitted: ValidatingAdmissionPolicy 'owner' with binding 'owner' denied request: only release 1.0 may run here",
  ],
  [
    'pod-security-violated',
    10.083,
    2.083,
    'admission-denied: no pod is admitted: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
  ],
];

describe('what is certain fails the release, as soon as the level allows', () => {
  test.each(BAD)('%s: balanced after %s s, strict after %s s', (life, balanced, strict, message) => {
    const { failedAt, cause } = replay(life, policyOf('balanced'));
    expect(failedAt).toBe(balanced);
    expect(`${cause?.code}: ${cause?.message}`).toBe(message);
    expect(replay(life, policyOf('strict')).failedAt).toBe(strict);
    const off = replay(life, policyOf('off'));
    expect(off.cause).toBeUndefined();
    expect(off.explanation?.code).toBe(cause?.code);
  });

  test('the failing pods and their container are named', () => {
    const { cause } = replay('dies-after-ten-seconds', policyOf('balanced'));
    expect(cause?.container).toBe('web');
    expect(cause?.pods.join(' ')).toMatch(new RegExp(`^${POD}$`));
    expect(replay('quota-exceeded', policyOf('balanced')).cause?.pods).toEqual([]);
  });
});

const WAITING: readonly (readonly [string, RegExp, Readonly<Record<string, number>>])[] = [
  [
    'image-host-unknown',
    /^image-not-pulled: image registry\.invalid\/web:9 cannot be pulled: Head .* network is unreachable$/,
    { 'image registry.invalid/web:9 cannot be pulled': 0.702 },
  ],
  [
    'image-registry-refuses',
    /^image-not-pulled: image localhost:1\/web:9 cannot be pulled: Head .*: connection refused$/,
    { 'image localhost:1/web:9 cannot be pulled': 0.73 },
  ],
  [
    'unschedulable',
    /^unschedulable: no node takes the pods: 0\/1 nodes are available: 1 node\(s\) didn't match Pod's node affinity\/selector\.$/,
    { 'no node takes the pods': 15.085 },
  ],
  ['volume-missing', /^volume-not-mounted: the containers are not created yet: a volume is not mounted/, {}],
  [
    'never-ready',
    new RegExp(`^not-ready: not ready: ${POD} runs, but the readiness probe of container web does not pass$`),
    {},
  ],
  [
    'never-started',
    new RegExp(`^not-ready: not ready: ${POD} runs, but the startup probe of container web does not pass$`),
    {},
  ],
];

describe('what may pass waits for the deadline, which then has an explanation', () => {
  test.each(WAITING)('%s', (life, explanation, warned) => {
    for (const level of ['balanced', 'strict', 'off'] as const) {
      const { cause, explanation: found, warnings } = replay(life, policyOf(level));
      expect(cause).toBeUndefined();
      expect(`${found?.code}: ${found?.message}`).toMatch(explanation);
      const said = Object.entries(warnings).map(([text, second]) => [text.split(': ')[0], second]);
      expect(Object.fromEntries(said)).toEqual(warned);
    }
  });
});

const LATE_IMAGE =
  'image registry.rollkey.test/late:1.1 cannot be pulled: pulling from host 198.51.100.229:33391 failed with status code [manifests 1.1]: 503 Service Unavailable';

/** Seconds after the start at which the last pod has been watched for 30 s. */
const HEALTHY: readonly (readonly [string, number, readonly string[]])[] = [
  ['healthy', 32.816, []],
  ['sidecar-and-init-work', 38.868, []],
  ['slow-start', 62.882, []],
  ['flapping-readiness', 32.841, []],
  ['config-map-late', 46.127, []],
  ['one-restart', 43.816, ['container web exits 0', 'container web exits 0, 1 restart']],
  ['image-pulled-at-third-try', 74.851, [LATE_IMAGE]],
  ['two-crashes-then-fine', 69.881, ['container web exits 3', 'container web exits 3, 1 restart']],
];

describe('nothing healthy fails, when balanced', () => {
  test.each(HEALTHY)('%s', (life, quietAt, warned) => {
    const { cause, last, warnings } = replay(life, policyOf('balanced'));
    expect(cause).toBeUndefined();
    expect(last.quietAt).toBe(quietAt * 1000);
    expect(Object.keys(warnings)).toEqual(warned);
  });
});

test('one bad node of two fails nothing, but is told of', () => {
  const { cause, warnings, explanation } = replay('one-bad-node', policyOf('balanced'));
  expect(cause).toBeUndefined();
  const suspicion = 'all failing pods are on node other, while the release is ready on bed: the node may be at fault';
  expect(warnings[suspicion]).toBe(14.755);
  expect(explanation).toMatchObject({ code: 'container-crashed', suspectNode: 'other' });
  expect(explanation?.message).toBe('container web exits 3, 3 restarts (on 2 pods)');
});

test('every record is judged', () => {
  const lives = readdirSync(new URL('../fixtures/lives', import.meta.url)).map((file) => file.replace('.yaml', ''));
  const judged = [...BAD, ...WAITING, ...HEALTHY].map(([life]) => life);
  expect([...judged, 'one-bad-node'].sort()).toEqual(lives.sort());
});
