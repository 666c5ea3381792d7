import { plainLine } from '../foreign/plain-text.ts';
import { DEFAULT_SCOPE } from '../gate/task.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { isBack } from './blame.ts';
import { rollbackBlock } from './command-block.ts';
import { code, details, fence, paragraphs } from './markdown.ts';
import { podInTheWay } from './pod-in-the-way.ts';

/** The inputs that take the workloads back to where they were, as a snippet to copy; empty where there is no way back. */
export function wayBack(result: Result): string {
  const passage = passageOf(result);
  if (!Object.values(passage).every(isCopyable)) return '';
  const moved = result.workloads.filter((workload) => hasMoved(workload, result));
  const groups = Object.groupBy(moved, targetOf);
  return Object.entries(groups)
    .flatMap(([release, workloads = []]) => (isCopyable(release) ? [wayTo(release, workloads, result)] : []))
    .join('\n\n');
}

/** Without those that are back already, and those that run by another's change now: that is not ours to take back. */
function hasMoved(workload: WorkloadResult, { blueGreen }: Result): boolean {
  const { changed, mode, outcome, previousRelease, release, leavesCanary } = workload;
  // What the gate stops may be live all the same.
  if (outcome === 'blocked') return previousRelease === release;
  if (outcome === 'aborted') return false;
  // It would bring to all pods what only ever had some.
  if (outcome === 'succeeded' && leavesCanary) return false;
  if (blueGreen?.switched === 'no' && mode !== 'redeploy') return false;
  return changed && mode !== 'redeploy' && outcome !== 'superseded' && !isBack(workload);
}

/** After a failure the last good release comes first: what was live before may have been broken too. */
function targetOf({ outcome, rollback, lastGoodRelease, previousRelease, release }: WorkloadResult): string {
  const afterFailure = [rollback?.to ?? '', lastGoodRelease, previousRelease];
  const candidates = outcome === 'succeeded' ? [previousRelease] : afterFailure;
  return candidates.find((candidate) => candidate !== '' && candidate !== release) ?? '';
}

/** Without it, the gates of the next environments would not hear of the way back. */
function passageOf({ environment, scope }: Result): Readonly<Record<string, string>> {
  return { ...(environment !== '' && { environment }), ...(scope !== DEFAULT_SCOPE && { scope }) };
}

function isBlocked({ gate }: Result, release: string): boolean {
  return gate.blocks.some((each) => each.release === release && each.state !== 'missing');
}

/** A name with an expression in it would be evaluated by the workflow it is copied into. */
function isCopyable(release: string): boolean {
  return release !== '' && !release.includes('${{') && plainLine(release) === release;
}

function wayTo(release: string, workloads: readonly WorkloadResult[], result: Result): string {
  const onward = result.mode === 'rollback';
  const block = inputs(release, workloads, result);
  const first = isBlocked(result, release)
    ? `The gate stops ${code(release)} until it is unblocked, as shown above.`
    : '';
  if (onward && result.outcome === 'succeeded')
    return details(`How to undo this rollback (back to ${release})`, paragraphs([first, block]));
  const title = `**${onward ? 'Go on to' : 'Roll back to'} ${code(release)}**`;
  const { environment, runUrl } = result;
  if (!fitsWorkflow(workloads, result))
    return paragraphs([`${title} with these inputs, by hand (\`workflow_dispatch\`) or in a step:`, first, block]);
  const command = rollbackBlock(
    [{ environment, release }],
    runUrl,
    `${title} with the workflow \`rollback.yml\`, where there is one:`,
  );
  return paragraphs([command, first, 'Or with these inputs in a step:', block]);
}

/** Whether examples/rollback.yml does the same: it rolls one whole train back, and knows neither scopes nor force. */
function fitsWorkflow(workloads: readonly WorkloadResult[], { environment, scope, mode, workloads: all }: Result) {
  const whole = workloads.length === all.length && !workloads.some(podInTheWay);
  return whole && environment !== '' && scope === DEFAULT_SCOPE && mode !== 'rollback';
}

function inputs(release: string, workloads: readonly WorkloadResult[], result: Result): string {
  const names = workloads.map(({ workload }) => workload.replace(/^deployment\//, ''));
  const { blueGreen } = result;
  const values = {
    namespace: workloads[0]?.namespace ?? '',
    ...(blueGreen
      ? { deployment: `${blueGreen.blue}, ${blueGreen.green}`, 'blue-green': blueGreen.service }
      : { deployment: names.join(', ') }),
    mode: result.mode === 'rollback' ? 'auto' : 'rollback',
    release,
    ...passageOf(result),
    ...(workloads.some(podInTheWay) && { 'forced-rollback': 'true' }),
  };
  // Quoted, since YAML reads a bare 1.10 as the number 1.1.
  const lines = Object.entries(values).map(([input, value]) => `  ${input}: ${JSON.stringify(value)}`);
  return fence(['with:', ...lines], { language: 'yaml' });
}
