import { ClusterError } from '../../src/errors.ts';
import { roll } from '../../src/operations/roll.ts';
import { findEntry } from '../../src/release/ledger.ts';
import { workloadState } from '../../src/release/workload-state.ts';
import type { Result } from '../../src/result.ts';
import { CHANGE_CAUSE } from '../../src/rollout/marks.ts';
import { templateDigest } from '../../src/rollout/template.ts';
import { seeded } from '../release/seeded.ts';
import { imageOf, openShop, request, V10, withImage } from './shop.ts';

const RELEASES = ['1.0', '1.1', '1.2', '2.0', 'main'] as const;
const DEEDS = ['deploy', 'deploy', 'rollback', 'redeploy', 'by hand', 'by apply', 'pruned', 'reject'] as const;
const IMAGES = ['web:a', 'web:b', 'web:c', 'web:d'] as const;

/** What went wrong in a workload's life of so many steps, with the steps up to there; undefined where nothing did. */
export async function randomLife(seed: number, steps: number): Promise<string | undefined> {
  const random = seeded(seed);
  const shop = openShop(['web'], [V10]);
  /** The image that each release means, by what ended well. */
  const meant = new Map<string, string>();
  const told: string[] = [];
  const live = () => imageOf(shop.cluster.deployment('web')) ?? '';

  for (let step = 0; step < steps; step++) {
    const before = live();
    const what = random.pick(DEEDS);
    const release = random.pick(RELEASES);
    const image = random.pick(IMAGES);
    if (what === 'by hand') {
      shop.cluster.change('web', (deployment) => withImage(deployment, image));
      told.push(`kubectl set image ${image}`);
      continue;
    }
    if (what === 'by apply') {
      const cause = `kubectl-${step}`;
      shop.cluster.change('web', (deployment) => {
        const annotations = { ...deployment.metadata.annotations, [CHANGE_CAUSE]: cause };
        return withImage({ ...deployment, metadata: { ...deployment.metadata, annotations } }, image);
      });
      told.push(`kubectl apply ${image} as ${cause}`);
      continue;
    }
    if (what === 'pruned') {
      shop.cluster.prune('web');
      told.push('history pruned');
      continue;
    }
    if (what === 'reject') shop.cluster.faults.at('patch', new ClusterError('rejected', 'a policy says no'));
    const given = what === 'rollback' ? undefined : image;
    const wanted = request(release, {
      requested: what === 'reject' ? 'auto' : random.pick(['auto', what] as const),
      images: given ? `app=${given}` : '',
    });
    const result = await rolled(shop.clock, roll(shop, wanted));
    shop.cluster.faults.clear();
    told.push(`${what} ${release} ${image}: ${result.outcome} ${result.mode} ${result.message}`);
    const problem = check(result, release, given, before);
    if (problem) return `${problem}\n  ${told.join('\n  ')}`;
  }
  return undefined;

  function check({ outcome, mode, reasonCode }: Result, release: string, given: string | undefined, before: string) {
    if (reasonCode === 'internal-error') return 'a bug';
    const ledger = shop.ledgers.ledger('web');
    const names = ledger.entries.map((entry) => entry.release);
    if (new Set(names).size < names.length) return 'a release stands twice in the ledger';
    for (const { template } of ledger.entries) {
      const snapshot = ledger.templates[template];
      if (!snapshot || templateDigest(snapshot) !== template) return 'a record without its bits';
    }
    if (outcome === 'failed') return live() === before ? undefined : 'failed, but changed';
    const expected = mode === 'deploy' && given ? given : meant.get(release);
    if (expected !== undefined && live() !== expected)
      return `${mode} to ${release}: ${live()} is live, not ${expected}`;
    meant.set(release, live());
    const { deployment, replicaSets } = shop.cluster.objects('web');
    const state = workloadState('deployment/web', deployment, replicaSets, ledger);
    if (state.live.release !== release) return `${release} is live, but is taken for "${state.live.label}"`;
    if (findEntry(ledger, release)?.verifiedAt === undefined) return `${release} is live, but not verified`;
    return undefined;
  }
}

async function rolled(clock: { advance(ms: number): Promise<void> }, rolling: Promise<Result>): Promise<Result> {
  let ended = false;
  const ending = rolling.finally(() => {
    ended = true;
  });
  ending.catch(() => {});
  while (!ended) await clock.advance(1_000);
  return ending;
}
