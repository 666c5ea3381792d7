import { InputError } from '../errors.ts';
import { type ImageLine, parseImages } from '../release/images.ts';
import type { Mode } from '../release/mode.ts';
import { releaseNameProblem } from '../release/release-name.ts';
import { parseDuration } from './duration.ts';
import { namespaceProblem, parseWorkloadNames } from './workload-names.ts';

/** Where the workloads are. */
export interface ClusterInputs {
  /** Content of a kubeconfig; empty for the runner's own. */
  readonly kubeconfig: string;
  readonly context: string;
  /** Empty for the context's. */
  readonly namespace: string;
  readonly deployments: readonly string[];
}

export interface TrainInputs extends ClusterInputs {
  readonly release: string;
  readonly mode: 'auto' | Mode;
  readonly images: readonly ImageLine[];
  readonly allowGitopsDrift: boolean;
  readonly dryRun: boolean;
  readonly timeoutMs: number;
  readonly reason: string;
}

/** Reads an input by its name in action.yml; an absent one is empty. */
export type InputSource = (name: string) => string;

const MODES = ['auto', 'deploy', 'redeploy', 'rollback'] as const;
const LONGEST_REASON = 1000;

/** The inputs of the root action and of plan/. Throws InputError with every problem at once. */
export function readTrainInputs(source: InputSource): TrainInputs {
  const cluster = readCluster(source);
  const mode = MODES.find((known) => known === (source('mode') || 'auto'));
  const { lines, problems: imageProblems } = parseImages(source('images'));
  const timeoutMs = parseDuration(source('timeout') || '10m');
  const release = source('release');
  const reason = source('reason');
  const problems = [
    ...cluster.problems,
    ...listed(release === '' && mode === 'rollback' ? undefined : releaseNameProblem(release)),
    ...listed(mode ? undefined : `mode "${source('mode').slice(0, 80)}" is unknown: use ${MODES.join(', ')}`),
    ...imageProblems,
    ...listed(
      timeoutMs ? undefined : `timeout "${source('timeout').slice(0, 80)}" is no duration: write 90s, 10m or 1h30m`,
    ),
    ...listed(
      reason.length > LONGEST_REASON ? `reason is longer than ${LONGEST_REASON} characters: shorten it` : undefined,
    ),
    ...['allow-gitops-drift', 'dry-run'].flatMap((name) => listed(booleanProblem(name, source(name)))),
  ];
  if (problems.length > 0 || !mode || !timeoutMs) throw new InputError(problems);
  return {
    ...cluster.inputs,
    release,
    mode,
    images: lines,
    allowGitopsDrift: isTrue(source('allow-gitops-drift')),
    dryRun: isTrue(source('dry-run')),
    timeoutMs,
    reason,
  };
}

/** The inputs of history/. Throws InputError with every problem at once. */
export function readClusterInputs(source: InputSource): ClusterInputs {
  const { inputs, problems } = readCluster(source);
  if (problems.length > 0) throw new InputError(problems);
  return inputs;
}

function readCluster(source: InputSource): { readonly inputs: ClusterInputs; readonly problems: readonly string[] } {
  const { names, problems } = parseWorkloadNames(source('deployment'));
  const [kubeconfig, context, namespace] = [source('kubeconfig'), source('context'), source('namespace')];
  return {
    inputs: { kubeconfig, context, namespace, deployments: names },
    problems: [...problems, ...listed(namespaceProblem(namespace))],
  };
}

function booleanProblem(name: string, value: string): string | undefined {
  return /^(|true|false)$/i.test(value) ? undefined : `${name} "${value.slice(0, 80)}" is neither true nor false`;
}

function isTrue(value: string): boolean {
  return value.toLowerCase() === 'true';
}

function listed(problem: string | undefined): readonly string[] {
  return problem === undefined ? [] : [problem];
}
