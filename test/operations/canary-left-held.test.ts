import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { ClusterError, GitHubError } from '../../src/errors.ts';
import { GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import { roll } from '../../src/operations/roll.ts';
import type { RollPorts } from '../../src/operations/roll-workload.ts';
import { toOutputs } from '../../src/outputs.ts';
import { formatSummary } from '../../src/report/summary.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import { blockRecord } from '../gate/sample-records.ts';
import { eventually } from '../sandbox/cluster/cluster-fixture.ts';
import { abort, type CanaryGround, canary, openCanaryGround, promotion } from './canary-ground.ts';

const ground: CanaryGround = await openCanaryGround();
let logged = 0;

afterAll(() => ground.close());
afterEach(() => {
  ground.clear();
  logged = ground.ports.log.infos.length;
});

const ONE = [{ pods: 1 }];
const HELD = 'deployment/web: 1.1 is held as a canary, 1 pod beside 2 of 1.0';
const WAYS = 'so it does not go on by itself; promote/ lets it go on to all pods, abort/ takes it back';

function isHolding(): boolean {
  return ground.ports.log.infos.slice(logged).some((line) => line.includes('by itself'));
}

/** As the cluster is, until a canary is held; then its Deployment is read so. */
function readsSo(read: () => Promise<never>, more: Partial<RollPorts> = {}): RollPorts {
  const { cluster } = ground.ports;
  const getWorkload: typeof cluster.getWorkload = (ref) => (isHolding() ? read() : cluster.getWorkload(ref));
  return { ...ground.ports, ...more, cluster: { ...cluster, getWorkload } };
}

function away(): Promise<never> {
  return Promise.reject(new ClusterError('unreachable', 'deployment shop/web: connection refused'));
}

describe('a run that cannot let go on what it holds', () => {
  test('since the API is away to the end, says that it stays held, and how it goes on and back', async () => {
    await ground.install('web', 2);
    const result = await roll(readsSo(away), canary('1.1', ONE, { holdMs: 600 }));
    expect(result).toMatchObject({
      ...{ outcome: 'failed', reasonCode: 'cluster-unreachable', changed: true },
      ...{ mode: 'deploy', previousRelease: '1.0', release: '1.1' },
      message: `deployment shop/web: connection refused; ${HELD}; this run could not let it go on, ${WAYS}`,
      workloads: [{ reasonCode: 'canary-held', canary: { abandoned: true, pods: 1, beside: 2 } }],
    });
    expect(toOutputs(result)).toMatchObject({ 'run-on-deploy': 'true' });
    const summary = formatSummary(result);
    expect(summary).toMatch(/^### Not let go on: release `1\.1` is still held as a canary on `deployment\/web`/);
    expect(summary).toContain('it does not go on by itself. See to the cause, then let it go on with `promote/`');
    expect(summary).toContain('| `deployment/web` | canary held | `1.0` → `1.1` | `1` → `2` | 1 canary pod beside 2 |');
    expect(summary).toMatch(/rollkey\/promote@v0[\s\S]*rollkey\/abort@v0/);
    expect(summary).not.toContain('Kubernetes goes on');
    expect(ground.pods()).toEqual({ '1.0': 2, '1.1': 1 });
    expect(await roll(ground.ports, promotion('all'))).toMatchObject({ outcome: 'succeeded' });
  });

  test('since its pods cannot be watched, says the same', async () => {
    await ground.install('web', 2);
    const { cluster } = ground.ports;
    const blind: typeof cluster = {
      ...cluster,
      async *follow(following, signal, known) {
        if (following.resource === 'pods' && isHolding()) throw new ClusterError('unauthorized', 'refused');
        yield* cluster.follow(following, signal, known);
      },
    };
    const result = await roll({ ...ground.ports, cluster: blind }, canary('1.1', ONE, { holdMs: 600 }));
    expect(result).toMatchObject({
      ...{ outcome: 'failed', reasonCode: 'cluster-unauthorized', changed: true, previousRelease: '1.0' },
      message: expect.stringContaining(`could not be seen: refused; ${HELD}; this run could not let it go on, ${WAYS}`),
    });
    expect(formatSummary(result)).toMatch(/^### Not let go on: release `1\.1` is still held as a canary/);
  });

  test('since the gate cannot be asked, is stopped by it', async () => {
    await ground.install('web', 2);
    const gate = createMemoryGate();
    const wanted = canary('1.1', ONE, { holdMs: 600, environment: 'production' });
    const read: typeof gate.read = (...about) =>
      isHolding() ? Promise.reject(new GitHubError('forbidden', 'not allowed')) : gate.read(...about);
    const result = await roll({ ...ground.ports, gate: { ...gate, read } }, wanted);
    expect(result).toMatchObject({
      ...{ outcome: 'blocked', reasonCode: 'gate-unreadable', changed: true, gate: { answer: 'closed' } },
      workloads: [{ canary: { pods: 1, beside: 2 } }],
    });
    expect(formatSummary(result)).toContain(
      'The canary did not go on. Mend what is named above, then run this job again',
    );
  });

  test('since somebody scaled it to nothing, counts no pods, and shows the way back', async () => {
    await ground.install('web', 2);
    const ended = roll(ground.ports, canary('1.1', ONE, { holdMs: 5_000 }));
    await eventually(() => isHolding() || undefined);
    ground.cluster.objects.patch('deployments', 'shop', 'web', { spec: { replicas: 0 } });
    const result = await ended;
    const scaled = 'no canary: it was scaled to 0 while one was held; scale it up, or abort the canary';
    expect(result).toMatchObject({
      ...{ outcome: 'failed', reasonCode: 'preflight-refused', mode: 'deploy', previousRelease: '1.0' },
      message: `deployment shop/web: ${scaled}`,
    });
    const summary = formatSummary(result);
    expect(summary).toMatch(/^### Not let go on: release `1\.1` is still held as a canary/);
    expect(summary).toContain('0 canary pods beside 0');
    expect(summary).toContain('rollkey/abort@v0');
    expect(summary).not.toMatch(/did not become available|After 0s|rollkey\/promote@v0/);
  });

  test('since it is gone, holds nothing', async () => {
    await ground.install('web', 2);
    const ended = roll(ground.ports, canary('1.1', ONE, { holdMs: 5_000 }));
    await eventually(() => isHolding() || undefined);
    ground.cluster.objects.delete('deployments', 'shop', 'web');
    const result = await ended;
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'cluster-not-found', previousRelease: '1.0' });
    expect(result.message).not.toContain('held');
    expect(result.workloads[0]).not.toHaveProperty('canary');
    expect(formatSummary(result)).toContain('What is gone goes on no more.');
  });

  test.each([
    ['answers with an error', away],
    ['does not answer', () => new Promise<never>((_, fail) => setTimeout(() => away().catch(fail), 300))],
  ])('and is cancelled while the API %s, leaves it held', async (_, read) => {
    await ground.install('web', 2);
    const stop = new AbortController();
    const cancelling = () => {
      stop.abort();
      return read();
    };
    // So short that it is looked at only when it is over.
    const ports = readsSo(cancelling, { interrupt: stop.signal });
    expect(await roll(ports, canary('1.1', ONE, { holdMs: 300 }))).toMatchObject({
      ...{ outcome: 'paused', reasonCode: 'canary-held', changed: true },
      message: `${HELD}; this run was cancelled while it held the canary, ${WAYS}`,
    });
    await roll(ground.ports, abort());
  });
});

test('with failure_action continue, a canary that crashes while it is held stays, and the run says so', async () => {
  await ground.install('web', 2);
  const policy = { failFast: 'balanced', maxFailureRatio: 0, monitorMs: 0 } as const;
  const update = { failureAction: 'continue', policy } as const;
  const images = 'web=rollkey.test/web:1.1-dies';
  const result = await roll(ground.ports, canary('1.1', ONE, { images, holdMs: 10_000, update }));
  expect(result).toMatchObject({
    ...{ outcome: 'failed', reasonCode: 'container-crashed' },
    message: expect.stringMatching(
      /; its canary stays held, and goes on no more; run 1\.1 again once the cause is gone, or take it back with abort\/$/,
    ),
  });
  const summary = formatSummary(result);
  expect(summary).toMatch(/^### Failed as a canary: release `1\.1` was left where it is on `deployment\/web`/);
  expect(summary).toContain('The canary stays held, and goes on no more: this run undid nothing.');
  expect(summary).toContain('rollkey/abort@v0');
  expect(await roll(ground.ports, abort())).toMatchObject({ outcome: 'aborted' });
});

test('a release that somebody blocks while its canary is held does not go on, and that is all that is said', async () => {
  await ground.install('web', 2);
  const gate = createMemoryGate();
  const wanted = canary('1.1', ONE, { holdMs: 1_000, environment: 'production' });
  const ended = roll({ ...ground.ports, gate }, wanted);
  await eventually(() => isHolding() || undefined);
  await gate.append({
    ...{ environment: GATE_ENVIRONMENT, task: gateTask('default', '1.1') },
    ...{ payload: blockRecord({ release: '1.1' }), status: { state: 'failure', description: 'blocked' } },
  });
  const result = await ended;
  const stays = 'it did not go on, and it is still held as a canary on deployment/web (abort/ takes it back): ';
  expect(result).toMatchObject({
    ...{ outcome: 'blocked', reasonCode: 'release-blocked', changed: true },
    message: expect.stringContaining(`the gate stopped 1.1, so ${stays}`),
  });
  const summary = formatSummary(result);
  expect(summary).toMatch(/^### Stopped by the gate: release `1\.1` did not go on as a canary on `deployment\/web`/);
  expect(summary).toContain('The canary did not go on, and a re-run of this job changes nothing until');
  expect(summary).toContain('| **blocked** | `1.0` → `1.1` | `1` → `2` | 1 canary pod beside 2 |');
  expect(summary).not.toContain('Nothing was changed');
});
