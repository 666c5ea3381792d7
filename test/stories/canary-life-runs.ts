import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { WORKFLOWS_LOGIN } from '../../src/gate/trust.ts';
import { roll } from '../../src/operations/roll.ts';
import type { TrainRequest } from '../../src/operations/train-request.ts';
import { type CanarySize, podsOf } from '../../src/release/canary.ts';
import { parseImages } from '../../src/release/images.ts';
import type { UpdateLimits } from '../../src/rollout/update-limits.ts';
import { readCanary } from './canary-desk.ts';
import type { Life, RunDeed } from './canary-life.ts';
import { imageOf } from './story.ts';

const policy = { failFast: 'strict', maxFailureRatio: 0, monitorMs: 0 } as const;

/** Chooses what Rollkey is asked for next. */
export async function chooseRun(life: Life): Promise<RunDeed> {
  const held = await readCanary(life.desk);
  return life.random.pick(held ? whileHeld : life.calm ? whenCalm : otherwise)(life);
}

const whileHeld = [next, next, next, all, abortRun, rollBack, begin, deploy, pacedDeploy] as const;
const whenCalm = [begin, begin, begin, begin, deploy, pacedDeploy, rollBack] as const;
const otherwise = [begin, begin, deploy, pacedDeploy, rollBack, next, all, abortRun] as const;

const paces: readonly [UpdateLimits, UpdateLimits] = [
  { parallelism: 1, order: 'start-first' },
  { parallelism: 0, delayMs: 1_000 },
];

const sizes: readonly [CanarySize[], ...CanarySize[][]] = [
  [{ pods: 1 }],
  [{ pods: 1 }, { percent: 50 }],
  [{ pods: 2 }],
  [{ percent: 50 }, { percent: 75 }, { percent: 100 }],
  [{ percent: 100 }],
];

async function begin(life: Life): Promise<RunDeed> {
  const wanted = life.random.pick(sizes);
  const crashes = life.random.integer(8) === 0;
  const [first = { pods: 1 }] = wanted;
  const request = { ...newOrAgain(life, crashes), canary: { sizes: wanted, to: 'next' } } as const;
  // What is live already is restarted, as ever.
  const promises = life.calm && !(await runs(life, request.release)) ? podsOf(first, life.replicas) : undefined;
  const shown = wanted.map((size) => ('pods' in size ? size.pods : `${size.percent}%`)).join(', ');
  const title = `canary ${request.release} of ${shown} beside ${life.replicas}${crashes ? ', which crashes' : ''}`;
  return { title, promises, run: (ports) => roll(ports, request) };
}

/** As promote/ asks: for whatever is held. Sizes that bring no further pod are passed over. */
async function next(life: Life): Promise<RunDeed> {
  const held = await readCanary(life.desk);
  const pods = held?.sizes.map((size) => podsOf(size, life.replicas)) ?? [];
  const now = pods[held?.step ?? 0];
  const then = held?.heldSince === undefined ? now : pods.find((count) => count > (now ?? 0));
  const promises = life.promised === undefined ? undefined : then;
  return { title: 'promote to next', promises, run: (ports) => roll(ports, promotion(life, 'next')) };
}

async function deploy(life: Life): Promise<RunDeed> {
  return runDeploy(life);
}

async function all(life: Life): Promise<RunDeed> {
  return { title: 'promote to all', promises: undefined, run: (ports) => roll(ports, promotion(life, 'all')) };
}

async function abortRun(life: Life): Promise<RunDeed> {
  const request = { ...requestOf(life), held: 'abort' } as const;
  return { title: 'abort', promises: await promisedBack(life), run: (ports) => roll(ports, request) };
}

async function rollBack(life: Life): Promise<RunDeed> {
  const request = { ...requestOf(life), requested: 'rollback' } as const;
  return { title: 'rollback', promises: await promisedBack(life), run: (ports) => roll(ports, request) };
}

/** From a canary that was noted but never begun, what is live is left as ever. */
async function promisedBack(life: Life): Promise<number | undefined> {
  const held = await readCanary(life.desk);
  return held && (await runs(life, held.release)) ? life.promised : undefined;
}

/** Whether the live template is a release's. */
async function runs({ desk }: Life, release: string): Promise<boolean> {
  const image = imageOf(await desk.deployment());
  return image === webImage(release) || image === webImage(release, 'crash');
}

/** A new release for all pods. */
export function runDeploy(life: Life): RunDeed {
  const request = deployOf(life, false);
  return { title: `deploy ${request.release}`, promises: undefined, run: (ports) => roll(ports, request) };
}

/** A new release at a pace that is lent to the Deployment, too. */
async function pacedDeploy(life: Life): Promise<RunDeed> {
  const limits = life.random.pick(paces);
  const request = { ...newOrAgain(life, false), limits };
  const title = `deploy ${request.release} with ${JSON.stringify(limits)}`;
  return { title, promises: undefined, run: (ports) => roll(ports, request) };
}

/** A new release, or now and then the last one again: with bits that the cluster has already. */
function newOrAgain(life: Life, crashes: boolean): TrainRequest {
  if (life.releases > 0 && life.random.integer(4) === 0) life.releases -= 1;
  return deployOf(life, crashes);
}

function deployOf(life: Life, crashes: boolean): TrainRequest {
  life.releases += 1;
  const release = `1.0.${life.releases}`;
  const { lines } = parseImages(`web=${webImage(release, crashes ? 'crash' : undefined)}`);
  return { ...requestOf(life), release, images: lines };
}

function promotion(life: Life, to: 'next' | 'all'): TrainRequest {
  return { ...requestOf(life), held: 'promote', canary: { sizes: [], to } };
}

function requestOf({ desk }: Life): TrainRequest {
  return {
    release: '',
    requested: 'auto',
    refs: [{ kind: 'deployment', namespace: desk.namespace, name: 'web' }],
    images: [],
    allowGitopsDrift: false,
    // Half a minute by the world's clock, however busy the machine is.
    timeoutMs: 600_000,
    update: { failureAction: 'rollback', policy },
    limits: {},
    rollbackLimits: {},
    rollback: policy,
    checks: async () => [],
    reason: '',
    actor: 'octocat',
    runUrl: '',
    runId: '',
    trigger: 'push',
    ...{ environment: '', scope: 'default', trust: [WORKFLOWS_LOGIN], blockOnRollback: true },
  };
}
