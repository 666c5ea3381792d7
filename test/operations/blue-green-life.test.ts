import { expect, test } from '@jest/globals';
import { blueGreen } from '../../src/operations/blue-green.ts';
import type { Result } from '../../src/result.ts';
import { sameTemplate } from '../../src/rollout/template.ts';
import { type Seeded, seeded } from '../release/seeded.ts';
import { deploy, openTwoColours, pairRequest, rollBack, scale, type TwoColours } from './blue-green-shop.ts';
import { CRASHING, imageOf, POLICY } from './shop.ts';

const RELEASES = ['1.0', '1.1', '1.2', '1.3'] as const;

/** A shop in which whatever Rollkey writes is looked at: what would have hurt users is kept. */
function guarded(shop: TwoColours): { readonly shop: TwoColours; readonly harms: string[] } {
  const harms: string[] = [];
  const { cluster, services } = shop;
  const isLive = (name: string) => services.selector('web')['app'] === name;
  return {
    harms,
    shop: {
      ...shop,
      cluster: {
        ...cluster,
        async patchWorkload(ref, patch, options) {
          const before = cluster.deployment(ref.name);
          const after = await cluster.patchWorkload(ref, patch, options);
          const restarted = imageOf(before) === imageOf(after);
          if (options?.dryRun || !isLive(ref.name)) return after;
          if (!sameTemplate(before.spec.template, after.spec.template) && !restarted)
            harms.push(`${imageOf(after)} was rolled out where ${imageOf(before)} served`);
          if ((after.spec.replicas ?? 1) < (before.spec.replicas ?? 1)) harms.push('the live colour was scaled down');
          return after;
        },
      },
      services: {
        ...services,
        async patch(ref, patch, options) {
          const after = await services.patch(ref, patch, options);
          const target = cluster.deployment(after.spec.selector?.['app'] ?? '');
          if (options?.dryRun) return after;
          if (!target.status?.availableReplicas) harms.push('switched to a colour without pods');
          if (cluster.broken.has(imageOf(target) ?? '')) harms.push(`switched to ${imageOf(target)}, which crashes`);
          return after;
        },
      },
    },
  };
}

/** One thing that happens: mostly runs, and what people do by hand. */
async function happen(shop: TwoColours, { integer, pick }: Seeded): Promise<Result | undefined> {
  const release = pick(RELEASES);
  switch (integer(8)) {
    case 0:
    case 1:
      return deploy(shop, release);
    case 2:
      return deploy(shop, release, { scaleDownDelayMs: 1_000 });
    case 3:
    case 4:
      return rollBack(shop, pick([...RELEASES, '']));
    case 5: {
      const image = `web:${release}`;
      if (shop.cluster.broken.delete(image)) return undefined;
      if (!['site-blue', 'site-green'].some((name) => imageOf(shop.cluster.deployment(name)) === image))
        shop.cluster.broken.set(image, CRASHING);
      return undefined;
    }
    case 6: {
      const name = pick(['site-blue', 'site-green']);
      if (shop.services.selector('web')['app'] !== name) scale(shop, name, integer(3));
      return undefined;
    }
    default: {
      const name = pick(['site-blue', 'site-green']);
      if (shop.cluster.deployment(name).status?.availableReplicas) shop.services.install('web', { app: name });
      return undefined;
    }
  }
}

const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

test.each(seeds)('whatever happens, no user meets a release that was not seen well (seed %i)', async (seed) => {
  const choices = seeded(seed);
  const { shop, harms } = guarded(await openTwoColours());
  for (let step = 0; step < 12; step += 1) {
    const result = await happen(shop, choices);
    expect(harms).toEqual([]);
    if (!result || !['succeeded', 'rolled-back'].includes(result.outcome)) continue;
    const live = shop.cluster.deployment(shop.services.selector('web')['app'] ?? '');
    const release = result.outcome === 'succeeded' ? result.release : result.rolledBackTo;
    expect(imageOf(live)).toBe(`web:${release}`);
    expect(result.blueGreen?.live.workload).toBe(`deployment/${live.metadata.name}`);
  }
});

test.each(seeds)(
  'two runs at once: one of their releases serves, seen well, and nothing was changed under users (seed %i)',
  async (seed) => {
    const { integer, pick } = seeded(seed);
    const { shop, harms } = guarded(await openTwoColours(pick([0, 2])));
    await deploy(shop, '1.1');
    const begin = (release: string) => {
      return pick([true, false])
        ? blueGreen(shop, pairRequest(release))
        : blueGreen(shop, pairRequest('1.0', { requested: 'rollback' }));
    };
    const first = begin('1.2');
    for (let turn = integer(40); turn > 0; turn -= 1) await Promise.resolve();
    const second = begin('1.3');
    for (let count = 0; count < 60; count += 1) await shop.clock.advance(500);
    const results = await Promise.all([first, second]);
    expect(notUndone(harms)).toEqual([]);
    const live = imageOf(shop.cluster.deployment(shop.services.selector('web')['app'] ?? ''));
    const good = results.filter(({ outcome }) => outcome === 'succeeded').map(({ release }) => `web:${release}`);
    expect([...good, 'web:1.1']).toContain(live);
  },
);

test.each(seeds)(
  'whoever meddles while a run is under way, no user loses by what the run does (seed %i)',
  async (seed) => {
    const choices = seeded(seed);
    const { integer, pick } = choices;
    const { shop, harms } = guarded(await openTwoColours(2));
    const update = { failureAction: 'rollback', policy: { ...POLICY, monitorMs: 4_000 } } as const;
    for (let count = 0; count < 8; count += 1) {
      const rest = { update, timeoutMs: 20_000, ...(integer(2) === 0 && { scaleDownDelayMs: 3_000 }) };
      const running = blueGreen(
        shop,
        integer(3) === 0
          ? pairRequest(pick([...RELEASES, '']), { requested: 'rollback', ...rest })
          : pairRequest(pick(RELEASES), rest),
      );
      for (let second = 0; second < 60; second += 1) {
        if (second < 10 && integer(2) === 0) meddle(shop, choices);
        await shop.clock.advance(1_000);
      }
      await running;
      expect(harms).toEqual([]);
    }
  },
);

/** What people do while a run goes on: they switch, they scale what serves nobody, and pods die. */
function meddle(shop: TwoColours, { integer, pick }: Seeded): void {
  const name = pick(['site-blue', 'site-green']);
  const serves = shop.services.selector('web')['app'] === name;
  if (integer(3) === 0) shop.cluster.crash(name, CRASHING);
  else if (serves) return;
  else if (integer(2) === 0) scale(shop, name, integer(3));
  else if (shop.cluster.deployment(name).status?.availableReplicas) shop.services.install('web', { app: name });
}

/** Two objects cannot be written in one: what landed on a colour just when it came to serve is taken back at once. */
function notUndone(harms: readonly string[]): readonly string[] {
  const swapped = (harm: string) => harm.replace(/^(\S+) (was rolled out where) (\S+) served$/, '$3 $2 $1 served');
  const next = harms.findIndex((harm, index) => harms[index + 1] === swapped(harm) && swapped(harm) !== harm);
  return next < 0 ? harms : notUndone(harms.toSpliced(next, 2));
}
