import { expect } from '@jest/globals';
import { roll } from '../../src/operations/roll.ts';
import type { TrainRequest } from '../../src/operations/train-request.ts';
import { fieldsOf } from '../../src/rollout/loan.ts';
import { seeded } from '../release/seeded.ts';
import { KILLED, mortal } from '../stories/mortal.ts';
import { abort, type CanaryGround, canary, promotion, returned } from './canary-ground.ts';
import { refOf, request } from './shop.ts';

const ROUNDS = 3;
const MORE = { timeoutMs: 3_000 };

/**
 * Lets two runs at a time do whatever they like to one Deployment, one in six of them killed somewhere, and then deploys:
 * that has to succeed, and to leave the Deployment's own values and no note. No moment may show a gate without a note.
 */
export async function letRivalsRun(ground: CanaryGround, seed: number): Promise<void> {
  const random = seeded(seed);
  const told: string[] = [];
  let releases = 0;
  const next = () => `1.${++releases}`;
  const deeds: readonly (() => TrainRequest)[] = [
    () => canary(next(), [{ pods: 1 }, { pods: 2 }], MORE),
    () => canary(next(), [{ pods: 2 }], MORE),
    // Long enough for a look, after which it goes on by itself.
    () => canary(next(), [{ pods: 1 }, { pods: 2 }], { ...MORE, holdMs: 700 }),
    () => promotion('next', MORE),
    () => promotion('all', MORE),
    () => ({ ...abort(), ...MORE }),
    () => request('', { requested: 'rollback', ...MORE }),
    () => plain(next(), { limits: { parallelism: 2, order: 'start-first' }, ...MORE }),
    () => plain(next(), { limits: { parallelism: 1, order: 'stop-first' }, ...MORE }),
  ];
  const run = async (name: string) => {
    await pause(random.integer(40));
    const wanted = deeds[random.integer(deeds.length)]?.() ?? promotion('next', MORE);
    const death = { call: 1 + random.integer(14), arrives: random.integer(2) === 0 };
    const ports = random.integer(6) === 0 ? mortal(ground.ports, death) : ground.ports;
    try {
      const { outcome, message } = await roll(ports, wanted);
      told.push(`${name}: ${outcome}, ${message}`);
    } catch (error) {
      if (error !== KILLED) throw error;
      told.push(`${name}: killed at ${JSON.stringify(death)}`);
    }
  };
  await ground.install('web', 3);
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all([run('one'), run('the other')]);
    const { ledger } = await ground.ledgers.read(refOf('web'));
    const isGated = fieldsOf(ground.deployment()).minReadySeconds > 0;
    expect({ told, isNoted: !isGated || ledger.loan !== undefined }).toEqual({ told, isNoted: true });
  }
  const { outcome } = await roll(ground.ports, plain('9.9', { timeoutMs: 5_000 }));
  const end = { outcome, pods: ground.pods(), isReturned: await returned(ground) };
  expect({ told, ...end }).toEqual({ told, outcome: 'succeeded', pods: { '9.9': 3 }, isReturned: true });
}

function plain(release: string, more: Partial<TrainRequest>): TrainRequest {
  return { ...request(release, { images: `web=rollkey.test/web:${release}` }), ...more };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
