import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionDefinition, type ActionName, readAction } from './action-definition.ts';
import { makeCommandFiles } from './command-files.ts';
import { runStepProcess, type StepEnd } from './step-process.ts';
import { readPrinted, type WorkflowCommand } from './workflow-commands.ts';

export interface RunOptions {
  /** The step's `with:`. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The step's `env:`, e.g. KUBECONFIG; it may also replace the runner's own variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The job's GITHUB_TOKEN and who answers to it; none unless given. */
  readonly github?: { readonly apiUrl: string; readonly token: string };
  /** A checkout of this repository; this one unless given. */
  readonly checkout?: string;
  /** Milliseconds until the main step is killed: two minutes unless given. */
  readonly timeoutMs?: number;
  /** The workflow is cancelled: the step is asked to end, and its post step runs. */
  readonly cancelled?: AbortSignal;
  /** The runner is stopped: the step is asked to end by SIGTERM, and its post step runs. */
  readonly terminated?: AbortSignal;
  /** The runner dies: the step is killed outright, and no post step runs. */
  readonly killed?: AbortSignal;
  /** Called with RUNNER_TEMP between the main step and the post step. */
  readonly beforePost?: (temp: string) => void | Promise<void>;
  /** Called with RUNNER_TEMP after the post step, before it is removed. */
  readonly afterPost?: (temp: string) => void | Promise<void>;
  /** Told each line of the log as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

/** One run of an action, main step and post step. */
export interface ActionRun {
  /** Of the main step; null when a signal ended it. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** Milliseconds that the main step took. */
  readonly durationMs: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  /** Markdown. */
  readonly summary: string;
  /** As people see it on GitHub: secrets are hidden from the moment that they were named. */
  readonly log: string;
  /** Every command in what was printed, by whomever it was put there. */
  readonly commands: readonly WorkflowCommand[];
  readonly annotations: readonly Annotation[];
  /** What was named as secret. */
  readonly masked: readonly string[];
  /** Undefined where the action has no post step, or the runner died. */
  readonly post: { readonly exitCode: number | null; readonly log: string; readonly summary: string } | undefined;
}

const longestStep = 120_000;

/** Runs the built bundle of an action as GitHub's runner would: same variables, files and commands, and nothing else. */
export async function runAction(name: ActionName, options: RunOptions): Promise<ActionRun> {
  const action = readAction(name, options.checkout);
  const folder = mkdtempSync(join(tmpdir(), 'rollkey-runner-'));
  try {
    const [temp, home] = [join(folder, 'temp'), join(folder, 'home')];
    await Promise.all([mkdir(temp), mkdir(home)]);
    const shared = {
      ...{ ...runnerVariables(temp, home), ...(options.github && { GITHUB_API_URL: options.github.apiUrl }) },
      ...{ ...options.environment, ...inputVariables(action, options) },
    };
    const main = await runMain(action, options, folder, shared);
    await options.beforePost?.(temp);
    const post = options.killed?.aborted ? undefined : await runPost(action, main, folder, shared);
    await options.afterPost?.(temp);
    return { ...main, post };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runMain(
  { main }: ActionDefinition,
  { onLine, timeoutMs = longestStep, cancelled, terminated, killed }: RunOptions,
  folder: string,
  shared: Readonly<Record<string, string>>,
): Promise<Omit<ActionRun, 'post'>> {
  const printed = readPrinted(onLine);
  const files = makeCommandFiles(folder, 'main');
  const environment = { ...shared, ...files.environment };
  const signals = { cancelled, terminated, killed };
  const step = { cwd: join(folder, 'home'), environment, onLine: printed.read, timeoutMs, ...signals };
  const end: StepEnd = await runStepProcess(main, step);
  return {
    ...end,
    outputs: files.values('output'),
    state: files.values('state'),
    summary: files.text('summary'),
    log: printed.log(),
    commands: printed.commands(),
    annotations: printed.commands().flatMap(toAnnotation),
    masked: printed.masked(),
  };
}

async function runPost(
  { post }: ActionDefinition,
  { state }: Pick<ActionRun, 'state'>,
  folder: string,
  shared: Readonly<Record<string, string>>,
): Promise<ActionRun['post']> {
  if (post === undefined) return undefined;
  const printed = readPrinted();
  const kept = Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
  const files = makeCommandFiles(folder, 'post');
  const environment = { ...shared, ...kept, ...files.environment };
  const step = { cwd: join(folder, 'home'), environment, onLine: printed.read, timeoutMs: longestStep };
  const { exitCode } = await runStepProcess(post, step);
  return { exitCode, log: printed.log(), summary: files.text('summary') };
}

/** https://docs.github.com/actions/reference/variables-reference */
function runnerVariables(temp: string, home: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: 'octocat',
    GITHUB_TRIGGERING_ACTOR: 'octocat',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_JOB: 'deploy',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REPOSITORY: 'octo/shop',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '4711',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    GITHUB_WORKFLOW: 'deploy',
    GITHUB_WORKSPACE: home,
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: temp,
  };
}

/** `INPUT_` and the name in capitals, blanks as underscores, dashes as they are; defaults from action.yml. */
function inputVariables(
  { inputs }: ActionDefinition,
  { inputs: given, github }: RunOptions,
): Readonly<Record<string, string>> {
  const unknown = Object.keys(given).filter((name) => !(name in inputs));
  if (unknown.length > 0) throw new Error(`the action has no input ${unknown.join(', ')}`);
  const variable = ([name, value]: readonly [string, string]) =>
    [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value] as const;
  const defaults = Object.entries(inputs).map(
    ([name, value]) => [name, evaluated(value, github?.token ?? '')] as const,
  );
  return Object.fromEntries([...defaults, ...Object.entries(given)].map(variable));
}

/** The one expression that our defaults use. */
function evaluated(value: string, token: string): string {
  return value.replaceAll(/\$\{\{ *github\.token *\}\}/g, () => token);
}

function toAnnotation({ name, properties, data }: WorkflowCommand): readonly Annotation[] {
  const isLevel = name === 'error' || name === 'warning' || name === 'notice';
  return isLevel ? [{ level: name, title: properties['title'] ?? '', message: data }] : [];
}
