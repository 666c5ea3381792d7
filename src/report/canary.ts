import { plainLine } from '../foreign/plain-text.ts';
import { DEFAULT_SCOPE } from '../gate/task.ts';
import { type CanaryReport, nextText } from '../release/canary-report.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { code, fence } from './markdown.ts';
import type { Show } from './show.ts';

type Holding = WorkloadResult & { readonly canary: CanaryReport };

/** The workloads of which a canary is held. */
export function holding(workloads: readonly WorkloadResult[]): readonly Holding[] {
  return workloads.flatMap((workload) => (workload.canary ? [{ ...workload, canary: workload.canary }] : []));
}

/** ``runs on 1 pod beside 10 of `1.0` ``, of all workloads together. */
export function canaryCounts(workloads: readonly WorkloadResult[], show: Show): string {
  const held = holding(workloads);
  const pods = sum(held.map(({ canary }) => canary.pods));
  const beside = sum(held.map(({ canary }) => canary.beside));
  const names = [...new Set(held.map(({ canary }) => show.name(canary.from)))];
  return `runs on ${pods} ${pods === 1 ? 'pod' : 'pods'} beside ${beside} of ${names.join(', ')}`;
}

/** What of the traffic a canary sees, as far as pods say, and what comes next: sentences in Markdown. */
export function canaryStands(result: Result): string {
  const held = holding(result.workloads);
  const shares = [...new Set(held.map(({ canary }) => shareText(canary)))];
  const share = shares.length === 1 ? `about ${shares[0]}` : 'a small part';
  const [next = 'all pods', ...others] = new Set(held.map(nextOf));
  const step = others.length === 0 ? next : 'the next size';
  const cancelled = held.some(({ canary }) => canary.abandoned)
    ? 'This run was cancelled while it held the canary, so it does not go on by itself. '
    : '';
  return (
    `${cancelled}It is ready and stays so: Kubernetes goes on only when somebody lets it. A Service that spreads requests evenly sends it ${share} of them. ` +
    `Let it go on to ${step}, or take it back, as shown below; running the same release again lets it go on, too.`
  );
}

/** Whether a canary is held, and well. */
export function isHeld({ reasonCode }: Pick<Result, 'reasonCode'>): boolean {
  return reasonCode === 'canary-held';
}

/** Whether the run that held canaries ended before it let them go on, and for another reason than that it was cancelled. */
export function isLeftHeld(result: Result): boolean {
  return !isHeld(result) && holding(result.workloads).some(({ canary }) => canary.abandoned);
}

/** What a snippet cannot know: secrets are no text, and a promotion remembers no inputs of the run that began. */
const KUBECONFIG = `Add this job's ${code('kubeconfig')}, where it has one`;
const REMEMBERED = `${KUBECONFIG}; to a promotion its ${code('verify')} and ${code('update-config')}, too, which are not remembered`;

/** The steps that let a canary go on that is well, or take one back, to copy; empty where a name cannot stand in a workflow. */
export function canarySteps(result: Result): string {
  const held = holding(result.workloads);
  const { environment, scope, release } = result;
  const [{ namespace } = { namespace: '' }] = held;
  const inputs = {
    namespace,
    deployment: held.map(({ workload }) => workload.replace(/^deployment\//, '')).join(', '),
    release,
    ...(environment !== '' && { environment }),
    ...(scope !== DEFAULT_SCOPE && { scope }),
  };
  if (held.length === 0 || !Object.values(inputs).every(isCopyable)) return '';
  const step = (action: string, more: Readonly<Record<string, string>> = {}) => [
    `- uses: rollkey/rollkey/${action}@v0`,
    '  with:',
    // Quoted, since YAML reads a bare 1.10 as the number 1.1.
    ...Object.entries({ ...inputs, ...more }).map(([name, value]) => `    ${name}: ${JSON.stringify(value)}`),
  ];
  const [from = '', ...others] = new Set(held.map(({ canary }) => canary.from));
  const back = others.length === 0 ? ` to ${code(from)}` : '';
  const isLast = held.every(({ canary }) => canary.next === undefined);
  const onward = [
    `**Let ${code(release)} go on** ${isLast ? 'to all pods' : `(${code('to: all')} skips the sizes that are left)`}:`,
    fence(step('promote', { to: isLast ? 'all' : 'next' }), { language: 'yaml' }),
  ];
  // One that is held, and was seen well, goes on though its run could not let it.
  const goesOn = isHeld(result) || (isLeftHeld(result) && held.every(isHeld));
  return [
    ...(goesOn ? onward : []),
    `**Take it back**${back}:`,
    fence(step('abort', { reason: 'why' }), { language: 'yaml' }),
    `${goesOn ? REMEMBERED : KUBECONFIG}.`,
  ].join('\n\n');
}

/** What a run would do with canaries, in few words; undefined where it is about none. */
export function canaryPlan(workloads: readonly WorkloadResult[]): 'hold' | 'let go on' | undefined {
  const plans = workloads.flatMap(({ plannedCanary }) => plannedCanary ?? []);
  if (plans.length === 0) return undefined;
  return plans.some(({ pods }) => pods !== undefined) ? 'hold' : 'let go on';
}

/** On how many pods canaries would be held, as sentences in Markdown; empty where none would be. */
export function plannedCanaries(workloads: readonly WorkloadResult[]): string {
  const sentences = workloads.flatMap(({ plannedCanary }) => {
    if (plannedCanary?.pods === undefined) return [];
    const { pods, from, sizes } = plannedCanary;
    const all = sizes.length > 1 ? `, the sizes being ${sizes.map(code).join(', ')}` : '';
    return [`It would be held on ${pods} ${pods === 1 ? 'pod' : 'pods'} beside ${code(from)}${all}.`];
  });
  return [...new Set(sentences)].join(' ');
}

/** `1 canary pod beside 10`. */
export function canaryPods({ pods, beside }: CanaryReport): string {
  return `${pods} canary ${pods === 1 ? 'pod' : 'pods'} beside ${beside}`;
}

function nextOf({ canary: { next }, pods: { desired } }: Holding): string {
  return next === undefined ? `all ${desired} pods` : nextText(next, code);
}

function shareText({ pods, beside }: CanaryReport): string {
  return `${Math.round((100 * pods) / Math.max(1, pods + beside))} %`;
}

/** A name with an expression in it would be evaluated by the workflow it is copied into. */
function isCopyable(value: string): boolean {
  return value !== '' && !value.includes('${{') && plainLine(value) === value;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
