import { agreed, shortName } from './agreed.ts';
import { closedIn } from './gate/gate-report.ts';
import { runOn } from './release/run-on.ts';
import type { Result, WorkloadResult } from './result.ts';

export const OUTPUT_KEYS = [
  'outcome',
  'reason-code',
  'message',
  'mode',
  'version-change',
  'direction',
  'release',
  'previous-release',
  'last-attempted-release',
  'last-good-release',
  'first-deployment',
  'trigger',
  'changed',
  'revision',
  'rolled-back',
  'rolled-back-from',
  'rolled-back-to',
  'blocked-release',
  'images',
  'result',
  'run-on-deploy',
  'run-on-redeploy',
  'run-on-rollback',
  'run-on-deploy-or-rollback',
  'run-on-deploy-or-redeploy',
  'run-on-redeploy-or-rollback',
  'run-on-major-version-change',
  'run-on-minor-version-change',
  'run-on-major-or-minor-version-change',
  'run-on-build-version-change',
  'run-on-revision-version-change',
] as const;

export type OutputKey = (typeof OUTPUT_KEYS)[number];

export type Outputs = Readonly<Record<OutputKey, string>>;

/** The outputs of a run that ended, for conditions of later steps; booleans are `'true'` and `'false'`. */
export function toOutputs(result: Result): Outputs {
  const { workloads } = result;
  const rolledBack = rollbackOf(result);
  return {
    ...nothingHappened(),
    outcome: result.outcome,
    'reason-code': result.reasonCode,
    message: result.message,
    mode: result.mode,
    'version-change': result.versionChange,
    direction: result.direction,
    release: result.release,
    'previous-release': result.previousRelease,
    'last-attempted-release': result.lastAttemptedRelease,
    'last-good-release': result.lastGoodRelease,
    'first-deployment': String(result.firstDeployment),
    trigger: result.trigger,
    changed: String(result.changed),
    revision: agreed(workloads, (each) => each.revision),
    'rolled-back': String(rolledBack !== undefined),
    'rolled-back-from': rolledBack?.from ?? '',
    'rolled-back-to': rolledBack?.to ?? '',
    'blocked-release': blockedReleases(result),
    images: imageLines(workloads),
    result: resultJson(result),
    ...conditions(result),
  };
}

/** What the outputs say until a run has ended: no outcome, no condition holds. */
export function nothingHappened(): Outputs {
  const texts = Object.fromEntries(OUTPUT_KEYS.map((key) => [key, BOOLEANS.test(key) ? 'false' : '']));
  return { ...(texts as Outputs), 'version-change': 'unknown', direction: 'unknown', result: '{}' };
}

const BOOLEANS = /^(?:run-on-.*|changed|rolled-back|first-deployment)$/;

/** GitHub takes 1 MiB of outputs a job, in UTF-16: what people read in the summary goes first. */
function resultJson(result: Result): string {
  const whole = JSON.stringify(result);
  if (whole.length <= LONGEST_RESULT) {
    return whole;
  }
  const workloads = result.workloads.map(({ evidence: _, ...each }) => ({
    ...each,
    ...{ templateDiff: [], timeline: [], podStates: [] },
  }));
  return JSON.stringify({ ...result, workloads, truncated: true });
}

const LONGEST_RESULT = 400_000;

function conditions({ mode, versionChange, goesOn }: Result): Partial<Outputs> {
  if (mode === '' || goesOn) {
    return {};
  }
  return Object.fromEntries(Object.entries(runOn(mode, versionChange)).map(([key, holds]) => [key, String(holds)]));
}

/** Which release was left for which, by itself or because somebody asked for it. */
function rollbackOf(result: Result): { readonly from: string; readonly to: string } | undefined {
  const { mode, outcome, changed, workloads, release, rolledBackTo } = result;
  const isBack = workloads.every(
    ({ rollback }) => !rollback || rollback.state === 'done' || rollback.state === 'unhealed',
  );
  if (rolledBackTo !== '' && isBack) return { from: release, to: rolledBackTo };
  // A workload of the train that was there already left nothing.
  const left = workloads.filter((each) => each.changed && each.previousRelease !== release);
  const asked = mode === 'rollback' && (outcome === 'succeeded' || outcome === 'aborted') && changed;
  return asked && left.length > 0 ? { from: agreed(left, (each) => each.previousRelease), to: release } : undefined;
}

/** What is blocked by now, as far as this run had to do with it: one release, as a rule. */
function blockedReleases({ release, gate }: Result): string {
  const stopped = closedIn(gate)?.code === 'release-blocked' ? [release] : [];
  return [...stopped, ...gate.blocks.filter(({ state }) => state !== 'missing').map((block) => block.release)].join(
    ', ',
  );
}

/** Lines as the input `images` takes them. */
function imageLines(workloads: readonly WorkloadResult[]): string {
  return workloads
    .flatMap((each) =>
      Object.entries(each.images).map(([container, image]) => `${shortName(each)}/${container}=${image}`),
    )
    .join('\n');
}
