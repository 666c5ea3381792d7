import type { Check } from '../ports.ts';
import type { Deployment } from '../rollout/objects.ts';
import { progressing } from '../rollout/status.ts';
import type { Policy } from '../verdict/policy.ts';
import type { RollPorts } from './roll-workload.ts';
import type { Survey } from './survey.ts';
import { type ChecksEnd, watchChecks } from './watch-checks.ts';
import { type RolloutEnd, watchRollout } from './watch-rollout.ts';

export interface ColourEnd {
  readonly end: RolloutEnd;
  readonly checks: ChecksEnd;
  /** How long it was watched. */
  readonly seconds: number;
}

/**
 * Watches one colour until all its pods are there and well through the window, and lets checks look on: whichever fails
 * first ends it for both. Throws ClusterError.
 */
export async function watchColour(
  ports: RollPorts,
  { ref, replicaSets }: Survey,
  deployment: Deployment,
  { timeoutMs, policy }: { readonly timeoutMs: number; readonly policy: Policy },
  checks: readonly Check[],
): Promise<ColourEnd> {
  const begin = ports.clock.now();
  const [failed, unwell] = [new AbortController(), new AbortController()];
  const halt = AbortSignal.any([failed.signal, ports.interrupt]);
  const complete = Promise.withResolvers<void>();
  const awaited = {
    ...{ ref, deployment, replicaSets, timeoutMs, policy },
    template: deployment.spec.template,
    generation: deployment.metadata.generation ?? 0,
    progressingBefore: progressing(deployment),
  };
  const watching = watchRollout(ports, awaited, { halt, completed: complete.resolve });
  const over = watching.then(
    () => undefined,
    () => undefined,
  );
  const stage = { keepsServing: false, completed: complete.promise, over };
  const looking = watchChecks(ports, checks, stage, AbortSignal.any([halt, unwell.signal])).then((end) => {
    if (end.verdict === 'failed') failed.abort();
    return end;
  });
  try {
    const end = await watching;
    if (end.status.state !== 'done') unwell.abort();
    complete.resolve();
    return { end, checks: await looking, seconds: (ports.clock.now() - begin) / 1000 };
  } finally {
    unwell.abort();
  }
}
