import type { RollPorts } from '../../src/operations/roll-workload.ts';

/** What every call of a run ends with once it is dead. */
export const KILLED = new Error('killed');

/** Which call is a run's last one, from 1, and whether it still arrives. */
export interface Death {
  readonly call: number;
  readonly arrives: boolean;
}

/** Ports of a run that is killed: from its death on, nothing that it does has any effect. */
export function mortal(ports: RollPorts, { call, arrives }: Death): RollPorts {
  const death = new AbortController();
  let calls = 0;
  const check = () => {
    if (death.signal.aborted) throw KILLED;
  };
  const meet = () => {
    check();
    calls += 1;
    if (calls === call) death.abort();
    if (!arrives) check();
  };
  const dying = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, name) => {
        const method: unknown = Reflect.get(object, name);
        if (typeof method !== 'function') return method;
        if (name === 'follow') return following(method as Follow);
        return async (...given: readonly unknown[]) => {
          meet();
          const answer: unknown = await method.apply(object, given);
          check();
          return answer;
        };
      },
    });
  const following = (follow: Follow): Follow =>
    async function* (what, signal, known) {
      meet();
      for await (const set of follow(what, AbortSignal.any([signal, death.signal]), known)) {
        check();
        yield set;
      }
      check();
    };
  return {
    ...ports,
    cluster: dying(ports.cluster),
    ledgers: dying(ports.ledgers),
    clock: {
      now: ports.clock.now,
      sleep: async (ms, signal = death.signal) => {
        await ports.clock.sleep(ms, AbortSignal.any([signal, death.signal]));
        check();
      },
    },
  };
}

type Follow = (what: unknown, signal: AbortSignal, known?: unknown) => AsyncGenerator<unknown>;
