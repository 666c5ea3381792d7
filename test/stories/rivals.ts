import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import type { Seeded } from '../release/seeded.ts';
import { readEntry } from './ledger-book.ts';
import { changeCauseOf, deploy, imageOf } from './story.ts';

/** Somebody who writes to the Deployment while the action works on it. */
export interface Rival {
  readonly name: string;
  /** Does its work; resolves when the API server has taken it. */
  readonly write: (desk: Desk) => Promise<unknown>;
  /** What must be true when both have ended, whoever came first. `release` is what the action rolled. */
  readonly expectKept: (desk: Desk, release: string, run: ActionRun) => Promise<void>;
}

/** Chooses a rival. */
export function chooseRival(random: Seeded): Rival {
  return random.pick([scaler, annotator, setter, variable, secondRun])(random);
}

function scaler(random: Seeded): Rival {
  const replicas = 3 + random.integer(3);
  return {
    name: `kubectl scale to ${replicas}`,
    write: (desk) => desk.byHand.scale('web', replicas),
    expectKept: async (desk) => expect((await desk.deployment()).spec.replicas).toBe(replicas),
  };
}

function annotator(): Rival {
  return {
    name: 'kubectl annotate',
    write: (desk) => desk.byHand.annotate('web', { 'example.com/race': 'kept' }),
    expectKept: async (desk) =>
      expect((await desk.deployment()).metadata.annotations).toMatchObject({ 'example.com/race': 'kept' }),
  };
}

function setter(): Rival {
  const image = webImage('1.4');
  return {
    name: 'kubectl set image',
    write: (desk) => desk.byHand.setImage('web', image),
    expectKept: async (desk, release, { outputs }) => {
      const live = imageOf(await desk.deployment());
      expect([webImage(release), image]).toContain(live);
      if (live === webImage(release)) expect(outputs['outcome']).toBe('succeeded');
    },
  };
}

/** Only a rollback may take the variable away: it restores the whole template, after it has seen it. */
function variable(): Rival {
  const env = [{ name: 'RACE', value: 'kept' }];
  return {
    name: 'kubectl patch of a variable',
    write: (desk) => desk.byHand.patch('web', { spec: { template: { spec: { containers: [{ name: 'web', env }] } } } }),
    expectKept: async (desk, _release, { outputs }) => {
      const [web] = (await desk.deployment()).spec.template.spec.containers;
      if (outputs['mode'] === 'deploy') expect(web?.env).toEqual(env);
    },
  };
}

function secondRun(random: Seeded): Rival {
  const other = random.pick(['1.1', '1.2', '1.3']);
  let ran: ActionRun | undefined;
  return {
    name: `a second run with release ${other}`,
    write: async (desk) => {
      ran = await deploy(desk, other, { mode: 'deploy' });
    },
    expectKept: async (desk, release, run) => {
      const live = changeCauseOf(await desk.deployment()) ?? '';
      const runs = [
        { release, outcome: run.outputs['outcome'] },
        { release: other, outcome: ran?.outputs['outcome'] },
      ];
      for (const { outcome } of runs) expect(['succeeded', 'unchanged', 'superseded']).toContain(outcome);
      const winners = runs.filter((each) => each.release === live && each.outcome !== 'superseded');
      expect(winners).not.toEqual([]);
      for (const each of runs.filter(({ outcome }) => outcome !== 'superseded')) {
        expect(await readEntry(desk, each.release)).toMatchObject({ verifiedAt: expect.any(String) });
      }
    },
  };
}
