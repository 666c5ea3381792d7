import { ClusterError } from '../../src/errors.ts';
import { roll } from '../../src/operations/roll.ts';
import type { TrainRequest } from '../../src/operations/train-request.ts';
import { findEntry } from '../../src/release/ledger.ts';
import { workloadState } from '../../src/release/workload-state.ts';
import type { Result } from '../../src/result.ts';
import { CHANGE_CAUSE } from '../../src/rollout/marks.ts';
import { templateDigest } from '../../src/rollout/template.ts';
import { seeded } from '../release/seeded.ts';
import { CONTINUE, CRASHING, imageOf, openShop, request, type Shop, V10, withImage } from './shop.ts';

const RELEASES = ['1.0', '1.1', '1.2', '2.0', 'main'] as const;
const IMAGES = ['web:a', 'web:b', 'web:c', 'web:d'] as const;
/** What is live before Rollkey comes. */
const FIRST = '1.0';
const RUNS = ['deploy', 'deploy', 'rollback', 'redeploy', 'refused', 'killed', 'stuck', 'broken'] as const;
const DEEDS = [...RUNS, 'by hand', 'by apply', 'pruned'] as const;

const KILLED = new Error('killed');

interface Memory {
  /** The image that each release means, by what ended well. */
  readonly meant: Map<string, string>;
  /** Images that failed, or were never seen well since: nobody is brought back to these as long as something is better. */
  readonly shaky: Set<string>;
  /** Whether the last attempt was cut off, and nobody saw its end: what is brought back by hand meanwhile counts for less. */
  open: boolean;
}

/** What went wrong in a workload's life of so many steps, with the steps up to there; undefined where nothing did. */
export async function randomLife(seed: number, steps: number): Promise<string | undefined> {
  const random = seeded(seed);
  const shop = openShop(['web'], [V10]);
  const memory: Memory = { meant: new Map(), shaky: new Set(), open: false };
  const told: string[] = [];
  for (let step = 0; step < steps; step++) {
    const what = random.pick([DEEDS[0], ...DEEDS]);
    const [release, image] = [random.pick(RELEASES), random.pick(IMAGES)];
    told.push(`${what} ${release} ${image}`);
    if (what === 'by hand') shop.cluster.change('web', (deployment) => withImage(deployment, image));
    else if (what === 'by apply') applyByHand(shop, image, `kubectl-${step}`);
    else if (what === 'pruned') shop.cluster.prune('web');
    else {
      const given = what === 'rollback' ? '' : image;
      const demanded = what === 'rollback' || what === 'redeploy' ? what : 'deploy';
      const requested = random.pick(['auto', demanded] as const);
      const images = given && `app=${given}`;
      const update = what === 'stuck' ? { update: CONTINUE } : {};
      const wanted = request(release, { requested, images, timeoutMs: 5_000, ...update });
      if (what === 'refused') shop.cluster.faults.at('patch', new ClusterError('rejected', 'a policy says no'));
      if (what === 'killed') shop.cluster.faults.at(random.pick(['patch', 'follow workload'] as const), KILLED);
      if (what === 'stuck') shop.cluster.idle.add('web');
      if (what === 'broken' && imageOf(shop.cluster.deployment('web')) !== image)
        shop.cluster.broken.set(image, CRASHING);
      const problem = await run(shop, wanted, given, memory, told);
      if (problem) return `${problem}\n  ${told.join('\n  ')}`;
    }
  }
  return undefined;
}

function applyByHand(shop: Shop, image: string, cause: string): void {
  shop.cluster.change('web', (deployment) => {
    const annotations = { ...deployment.metadata.annotations, [CHANGE_CAUSE]: cause };
    return withImage({ ...deployment, metadata: { ...deployment.metadata, annotations } }, image);
  });
}

/** Runs it once, and once more where it was cut off: then it must carry on with what was begun. */
async function run(
  shop: Shop,
  wanted: TrainRequest,
  given: string,
  memory: Memory,
  told: string[],
): Promise<string | undefined> {
  const { meant, shaky } = memory;
  const live = () => imageOf(shop.cluster.deployment('web')) ?? '';
  const before = live();
  const isHeldAgainst = failedUnderSomeName(shop, before);
  const first = await rolled(shop, wanted);
  if (first !== 'killed' && first.outcome === 'rolled-back') {
    shop.cluster.broken.clear();
    told.push(`  rolled back to ${first.rolledBackTo}`);
    // What failed was here all the same, and its name stands for it; unless that is what came back.
    meant.set(first.release, first.rolledBackTo === first.release ? before : given);
    const right = live() === before || shaky.has(before) || isHeldAgainst || memory.open;
    shaky.add(given);
    memory.open = false;
    return right ? undefined : `rolled back to ${live()}, not to ${before}`;
  }
  shop.cluster.faults.clear();
  shop.cluster.broken.clear();
  shop.cluster.idle.delete('web');
  shop.cluster.change('web', (deployment) => ({ ...deployment }));
  const begun = live();
  // A rollback that failed stays; then the same again has to see it through.
  const ended = first !== 'killed' && !(first.changed && ['timed-out', 'failed'].includes(first.outcome));
  const result = ended ? first : await rolled(shop, wanted);
  if (result === 'killed') return 'killed twice';
  told.push(`  ${ended ? '' : 'cut off, again: '}${result.outcome} ${result.mode} ${result.message}`);
  if (!ended && begun !== before) {
    if (live() !== begun) return `begun with ${begun}, but carried on with ${live()}`;
    meant.set(wanted.release, begun);
  }
  if (!ended) memory.open = result.outcome === 'failed';
  if (result.outcome === 'failed') return live() === (ended ? before : begun) ? undefined : 'failed, but changed';
  shaky.delete(live());
  memory.open = false;
  return check(shop, result, given, meant);
}

/** The name under which bits were well may mean others by now; that they failed under another one still stands. */
function failedUnderSomeName({ ledgers }: Shop, image: string): boolean {
  return ledgers
    .ledger('web')
    .entries.some(({ images, verifiedAt = '', failedAt = '' }) => images['app'] === image && failedAt > verifiedAt);
}

function check(shop: Shop, { mode, release }: Result, given: string, meant: Map<string, string>): string | undefined {
  const live = imageOf(shop.cluster.deployment('web')) ?? '';
  const ledger = shop.ledgers.ledger('web');
  const names = ledger.entries.map((entry) => entry.release);
  if (new Set(names).size < names.length) return 'a release stands twice in the ledger';
  for (const { template } of ledger.entries) {
    const snapshot = ledger.templates[template];
    if (!snapshot || templateDigest(snapshot) !== template) return 'a record without its bits';
  }
  const expected = mode === 'deploy' && given ? given : meant.get(release);
  if (expected === undefined && release !== FIRST) return `${mode} to ${release}, which never was here`;
  if (expected !== undefined && live !== expected) return `${mode} to ${release}: ${live} is live, not ${expected}`;
  meant.set(release, live);
  const { deployment, replicaSets } = shop.cluster.objects('web');
  const state = workloadState('deployment/web', deployment, replicaSets, ledger);
  if (state.live.release !== release) return `${release} is live, but is taken for "${state.live.label}"`;
  if (findEntry(ledger, release)?.verifiedAt === undefined) return `${release} is live, but not verified`;
  return undefined;
}

/** Rolls, with as much time as it takes. */
async function rolled(shop: Shop, wanted: TrainRequest): Promise<Result | 'killed'> {
  let ended = false;
  const ending = roll(shop, wanted)
    .catch((error: unknown) => {
      if (error === KILLED) return 'killed' as const;
      throw error;
    })
    .finally(() => {
      ended = true;
    });
  while (!ended) await shop.clock.advance(1_000);
  return ending;
}
