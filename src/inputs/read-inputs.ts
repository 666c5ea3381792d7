import { InputError } from '../errors.ts';
import { type ImageLine, parseImages } from '../release/images.ts';
import type { Mode } from '../release/mode.ts';
import { releaseNameProblem } from '../release/release-name.ts';
import { showRelease } from '../release/release-text.ts';
import type { FailFast } from '../verdict/policy.ts';
import { type BlueGreen, besideBlueGreen, readBlueGreen } from './blue-green.ts';
import { booleanProblem, isFalse, isTrue } from './boolean.ts';
import { type CanaryInputs, readCanary } from './canary.ts';
import type { CheckSpec } from './checks.ts';
import { parseDuration } from './duration.ts';
import { type EnvironmentTerms, readEnvironmentTerms } from './gate-terms.ts';
import { readChecks } from './read-checks.ts';
import { readUpdateConfigs, type UpdateConfig } from './update-config.ts';
import { namespaceProblem, parseWorkloadNames, type WorkloadName } from './workload-names.ts';

/** Where the workloads are. */
export interface ClusterInputs {
  /** Content of a kubeconfig; empty for the runner's own. */
  readonly kubeconfig: string;
  readonly context: string;
  /** Empty for the context's. */
  readonly namespace: string;
  readonly workloads: readonly WorkloadName[];
}

export interface TrainInputs extends ClusterInputs, EnvironmentTerms {
  readonly release: string;
  readonly mode: 'auto' | Mode;
  readonly images: readonly ImageLine[];
  readonly allowGitopsDrift: boolean;
  readonly forcedRollback: boolean;
  readonly dryRun: boolean;
  readonly timeoutMs: number;
  readonly reason: string;
  readonly failFast: FailFast;
  readonly failOnRollback: boolean;
  readonly updateConfig: UpdateConfig;
  readonly rollbackConfig: UpdateConfig;
  readonly checks: readonly CheckSpec[];
  readonly blockOnRollback: boolean;
  /** Undefined where no canary is asked for. */
  readonly canary: CanaryInputs | undefined;
  /** Undefined where no Service is switched. */
  readonly blueGreen: BlueGreen | undefined;
  /** Whether it is about the canary that is held; undefined for a release. */
  readonly held?: 'promote' | 'abort';
}

/** Reads an input by its name in action.yml; an absent one is empty. */
export type InputSource = (name: string) => string;

const MODES = ['auto', 'deploy', 'redeploy', 'rollback'] as const;
const FAIL_FAST = ['balanced', 'strict', 'off'] as const;
const BOOLEANS = ['allow-gitops-drift', 'block-on-rollback', 'dry-run', 'fail-on-rollback', 'forced-rollback'];
const LONGEST_REASON = 1000;
/** Five days, on a self-hosted runner (https://docs.github.com/actions/reference/limits). */
const LONGEST_JOB_MS = 120 * 3_600_000;

/** The inputs of the root action and of plan/. Throws InputError with every problem at once. */
export async function readTrainInputs(source: InputSource): Promise<TrainInputs> {
  const cluster = readCluster(source);
  const mode = MODES.find((known) => known === (source('mode') || 'auto'));
  const { lines, problems: imageProblems } = parseImages(source('images'));
  const timeoutMs = parseDuration(source('timeout') || '10m');
  const release = source('release');
  const reason = source('reason');
  const failFast = FAIL_FAST.find((known) => known === (source('fail-fast') || 'balanced'));
  const configs = await readUpdateConfigs({ update: source('update-config'), rollback: source('rollback-config') });
  const verify = await readChecks(source('verify'));
  const gate = readEnvironmentTerms(source);
  const { canary, problems: canaryProblems } = readCanary(source);
  const { blueGreen, problems: blueGreenProblems } = await readBlueGreen(source('blue-green'));
  const problems = [
    ...cluster.problems,
    ...listed(release === '' && mode === 'rollback' ? undefined : releaseNameProblem(release)),
    ...listed(mode ? undefined : `mode "${showRelease(source('mode'))}" is unknown: use ${MODES.join(', ')}`),
    ...imageProblems,
    ...listed(timeoutProblem(source('timeout'), timeoutMs)),
    ...listed(
      reason.length > LONGEST_REASON ? `reason is longer than ${LONGEST_REASON} characters: shorten it` : undefined,
    ),
    ...BOOLEANS.flatMap((name) => listed(booleanProblem(name, source(name)))),
    ...listed(
      failFast ? undefined : `fail-fast "${showRelease(source('fail-fast'))}" is unknown: use ${FAIL_FAST.join(', ')}`,
    ),
    ...configs.problems,
    ...verify.problems,
    ...gate.problems,
    ...canaryProblems,
    ...blueGreenProblems,
    ...besideBlueGreen(blueGreen, { ...cluster.inputs, canary }),
  ];
  if (problems.length > 0 || !mode || !timeoutMs || !failFast) throw new InputError(problems);
  return {
    ...cluster.inputs,
    ...gate.terms,
    release,
    mode,
    images: lines,
    allowGitopsDrift: isTrue(source('allow-gitops-drift')),
    forcedRollback: isTrue(source('forced-rollback')),
    dryRun: isTrue(source('dry-run')),
    timeoutMs,
    reason,
    failFast,
    failOnRollback: !isFalse(source('fail-on-rollback')),
    updateConfig: configs.updateConfig,
    rollbackConfig: configs.rollbackConfig,
    checks: verify.checks,
    blockOnRollback: !isFalse(source('block-on-rollback')),
    canary,
    blueGreen,
  };
}

/** The inputs that say where the workloads are. Throws InputError with every problem at once. */
export function readClusterInputs(source: InputSource): ClusterInputs {
  const { inputs, problems } = readCluster(source);
  if (problems.length > 0) throw new InputError(problems);
  return inputs;
}

/** … and what is wrong with them. */
export function readCluster(source: InputSource): {
  readonly inputs: ClusterInputs;
  readonly problems: readonly string[];
} {
  const { workloads, problems } = parseWorkloadNames(source('deployment'));
  const [kubeconfig, context, namespace] = [source('kubeconfig'), source('context'), source('namespace')];
  return {
    inputs: { kubeconfig, context, namespace, workloads },
    problems: [...problems, ...listed(namespaceProblem(namespace))],
  };
}

function timeoutProblem(text: string, ms: number | undefined): string | undefined {
  if (!ms) return `timeout "${showRelease(text)}" is no duration: write 90s, 10m or 1h30m`;
  return ms > LONGEST_JOB_MS
    ? `timeout "${showRelease(text)}" is longer than any job may run: use 120h or less`
    : undefined;
}

function listed(problem: string | undefined): readonly string[] {
  return problem === undefined ? [] : [problem];
}
