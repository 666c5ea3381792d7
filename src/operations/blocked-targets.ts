import { errorMessage } from '../errors.ts';
import { goodReleases } from '../release/ledger.ts';
import { actionOn } from './failure-action.ts';
import { readStanding } from './gate-records.ts';
import type { Train } from './prepare.ts';
import type { RollPorts } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';

/**
 * Looks up in the background which of the releases that an automatic rollback may return to are blocked, nearest first
 * and up to the first that is not. The function that it gives ends that, and tells those that are known by then: a way
 * back never waits for GitHub, and only a block that can be read bars it.
 */
export function lookUpBlocked(
  { gate, log }: Pick<RollPorts, 'gate' | 'log'>,
  request: TrainRequest,
  train: Train,
): () => ReadonlySet<string> {
  const blocked = new Set<string>();
  if (!gate || actionOn(train, request) !== 'rollback') return () => blocked;
  const { scope, trust } = request;
  const ended = new AbortController();
  const { signal } = ended;
  const asked = new Map<string, Promise<boolean>>();
  const isBlocked = (name: string) => {
    const asking =
      asked.get(name) ??
      readStanding(gate, { scope, release: name }, trust, [], signal).then(({ kind }) => kind === 'blocked');
    asked.set(name, asking);
    return asking;
  };
  const lookUp = async (names: readonly string[]) => {
    for (const name of names) {
      if (signal.aborted || !(await isBlocked(name))) return;
      if (!signal.aborted) blocked.add(name);
    }
  };
  for (const { survey } of train.steps) {
    const { live, ledger } = survey.state;
    const names = new Set([live.release || live.label, ...goodReleases(ledger)]);
    lookUp([...names]).catch((error: unknown) =>
      log.debug(`which releases are blocked could not be read: ${errorMessage(error)}`),
    );
  }
  return () => {
    ended.abort();
    return new Set(blocked);
  };
}
