import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { openFakeGitHub } from '../../sandbox/github/fake-github.ts';
import { createGate } from '../../src/github/gate-store.ts';
import type { Clock, Gate } from '../../src/ports.ts';
import { createLogBook } from '../fakes/log-book.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import { type Seeded, seeded } from '../release/seeded.ts';
import type { RaceGround } from './gate-races.ts';

const START = Date.now();
const FASTER = 20;

/** A clock that runs fast, and whoever sleeps sleeps that much less. */
const quick: Clock = {
  now: () => START + FASTER * (Date.now() - START),
  sleep: async (ms, signal) => {
    await pause(ms / FASTER, undefined, { signal }).catch(() => undefined);
  },
};

/** In memory: nothing but the order differs, and the same seed gives the same one. */
export function openMemoryGround({ acknowledgesUnseen = false } = {}): RaceGround {
  let random: Seeded = seeded(1);
  const gate = createMemoryGate({
    pageSize: 2,
    meanwhile: async () => {
      for (let turns = random.integer(10); turns > 0; turns -= 1) await turn();
    },
  });
  const careless: Gate = {
    read: gate.read,
    exists: gate.exists,
    append: async (record) => {
      const kept = gate.records().length;
      gate.append(record).catch(() => {});
      while (gate.records().length === kept) await turn();
      return gate.records()[0]?.id ?? 0;
    },
  };
  return {
    clock: quick,
    prepare: (given) => {
      random = given;
      gate.hideFor(given.integer(12));
    },
    gate: () => (acknowledgesUnseen ? careless : gate),
    payloads: gate.records,
  };
}

/** On the fake GitHub, by the real adapter: requests arrive, are carried out and are answered with delays of their own. */
export async function openGitHubGround(): Promise<RaceGround & { readonly close: () => Promise<void> }> {
  const github = await openFakeGitHub();
  const token = github.token({ deployments: 'write' });
  let random: Seeded = seeded(1);
  const aWhile = () => pause(random.integer(12));
  return {
    clock: quick,
    prepare: (given) => {
      random = given;
      github.staleFor(given.integer(4));
      github.faults.clear();
      github.faults.always({ before: aWhile, after: aWhile });
    },
    gate: () =>
      createGate({
        ...{ token, apiUrl: github.url, repository: github.repository, environment: {} },
        ...{ sha: '0123456789abcdef0123456789abcdef01234567', runUrl: '', clock: quick, log: createLogBook() },
      }),
    payloads: github.deployments,
    close: github.close,
  };
}
