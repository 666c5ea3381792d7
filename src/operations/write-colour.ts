import { ClusterError } from '../errors.ts';
import type { Cluster } from '../ports.ts';
import { colourPatch, podsOf, scalePatch } from '../rollout/blue-green-patch.ts';
import { writersBetween } from '../rollout/last-writer.ts';
import { CHANGE_CAUSE } from '../rollout/marks.ts';
import type { Deployment } from '../rollout/objects.ts';
import { sameTemplate } from '../rollout/template.ts';
import type { Way } from './blue-green-prepare.ts';
import type { Survey } from './survey.ts';
import type { Written } from './write-template.ts';

/**
 * Gives the idle colour its release and its pods in one guarded patch; where it has both, it gives the Deployment as it
 * was read. Throws ClusterError.
 */
export async function writeColour(
  cluster: Cluster,
  { ref, state: { deployment } }: Survey,
  { change, replicas }: Pick<Extract<Way, { kind: 'switch' }>, 'change' | 'replicas'>,
  release: string,
  options: { readonly dryRun: boolean } = { dryRun: false },
): Promise<Written> {
  if (change.kind === 'keep' && podsOf(deployment) === replicas) return { kind: 'written', deployment };
  try {
    const patch =
      change.kind === 'keep'
        ? scalePatch(deployment, replicas)
        : colourPatch(deployment, { release, template: change.template, fields: resumed(change) }, replicas);
    return { kind: 'written', deployment: await cluster.patchWorkload(ref, patch, options) };
  } catch (error) {
    if (!(error instanceof ClusterError && (error.kind === 'conflict' || error.kind === 'rejected'))) throw error;
    const { metadata } = deployment;
    const now = await cluster.getWorkload(ref);
    if (now.metadata.uid === metadata.uid && now.metadata.generation === metadata.generation) throw error;
    // A patch that was sent again because its answer was lost fails the test of the generation that it moved itself.
    if (hasLanded(now, { change, replicas }, deployment, release) && !options.dryRun)
      return { kind: 'written', deployment: now };
    return { kind: 'outrun', by: writersBetween(deployment, now) ?? 'somebody else' };
  }
}

function resumed({ resume }: { readonly resume: boolean }) {
  return resume ? { paused: false } : {};
}

function hasLanded(
  now: Deployment,
  { change, replicas }: Pick<Extract<Way, { kind: 'switch' }>, 'change' | 'replicas'>,
  before: Deployment,
  release: string,
): boolean {
  const template = change.kind === 'write' ? change.template : before.spec.template;
  const named = change.kind === 'keep' || now.metadata.annotations?.[CHANGE_CAUSE] === release;
  return named && podsOf(now) === replicas && sameTemplate(now.spec.template, template);
}
