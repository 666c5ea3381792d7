import { ClusterError } from '../errors.ts';
import type { WorkloadResult } from '../result.ts';
import { templateDigest } from '../rollout/template.ts';
import type { Step, Train } from './prepare.ts';
import type { RollPorts } from './roll-workload.ts';
import { outrunResult } from './workload-result.ts';
import { writeTemplate } from './write-template.ts';

/** What a rehearsal comes to. */
export interface Rehearsed {
  /** The train, with the bits of its canaries as the API server takes them. */
  readonly train: Train;
  /** Workloads that somebody changed meanwhile: the train may not go. */
  readonly outrun: readonly WorkloadResult[];
}

/**
 * Lets the API server try what is about to be written. One write cannot be half a train, so only several are rehearsed; and
 * every canary, since its note has to know bits that admission changes before they are there. Throws ClusterError.
 */
export async function rehearse({ cluster, log }: RollPorts, train: Train): Promise<Rehearsed> {
  const writes = train.steps.filter(({ change }) => change.kind === 'write');
  const tried = await Promise.all(
    train.steps.map(async (step) => {
      const begins = step.change.kind === 'write' && step.canary !== undefined;
      if (step.change.kind === 'keep' || (writes.length < 2 && !begins)) return { step, outrun: [] };
      try {
        const written = await writeTemplate(cluster, step, train.release, { dryRun: true });
        if (written.kind === 'outrun') return { step, outrun: [outrunResult(step, train.release, written.by)] };
        return { step: withBits(step, templateDigest(written.deployment.spec.template)), outrun: [] };
      } catch (error) {
        // A webhook that knows no dry run refuses a rehearsal, and not the write; what else is wrong, that tells again.
        if (!(writes.length < 2 && error instanceof ClusterError && error.kind === 'rejected')) throw error;
        log.debug(error.message);
        return { step, outrun: [] };
      }
    }),
  );
  return {
    train: { ...train, steps: tried.map(({ step }) => step) },
    outrun: tried.flatMap(({ outrun }) => outrun),
  };
}

function withBits(step: Step, digest: string): Step {
  const { canary } = step;
  return canary ? { ...step, canary: { ...canary, canary: { ...canary.canary, digest } } } : step;
}
