import { spawn } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { run } from '../bed/command.ts';
import { ensureGoProgram } from '../bed/go-program.ts';
import { type ActJob, readActLog } from './act-log.ts';
import { act } from './programs.ts';
import { workflowForAct } from './workflow-for-act.ts';

export interface WorkflowOptions {
  /** GitHub's event: what started the workflow. */
  readonly event: 'push' | 'workflow_dispatch';
  /** Its payload. */
  readonly payload?: object;
  /** The same for all attempts of a run. */
  readonly runId?: string;
  readonly attempt?: number;
  readonly actor?: string;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

export interface WorkflowRun {
  readonly succeeded: boolean;
  /** Those that were not skipped. */
  readonly jobs: readonly ActJob[];
  /** Everything that act printed, for whoever looks for a mistake. */
  readonly all: string;
}

/** A user's repository with the examples of this one as its workflows, and act to run them. */
export interface ActDesk {
  /** Its commit. */
  readonly sha: string;
  readonly run: (workflow: string, options: WorkflowOptions) => Promise<WorkflowRun>;
  readonly close: () => void;
}

export interface ActDeskOptions {
  readonly apiUrl: string;
  readonly repository: string;
  /** Files of the user beside the workflows: scripts, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Puts a rewritten copy of this repository and a user's repository into a temporary folder; builds act if it is not there. */
export async function openActDesk({ apiUrl, repository, files = {} }: ActDeskOptions): Promise<ActDesk> {
  const program = await ensureGoProgram(act);
  const folder = mkdtempSync(join(tmpdir(), 'rollkey-act-'));
  const at = (name: string) => join(folder, name);
  const [product, user, home] = [at('product'), at('user'), at('home')];
  copyProduct(product);
  mkdirSync(home);
  writeWorkflows(join(user, '.github', 'workflows'), readAll('examples'));
  for (const [path, content] of Object.entries(files)) writeFileSync(join(user, path), content, { mode: 0o755 });
  const sha = await commit(user);
  const shared = [
    ...['-C', user, '--json', '--no-cache-server', '--action-cache-path', at('cache')],
    ...['-P', 'ubuntu-latest=-self-hosted', '--local-repository', `rollkey/rollkey@v0=${product}`],
    ...['--env', `GITHUB_API_URL=${apiUrl}`, '--env', `GITHUB_REPOSITORY=${repository}`],
  ];
  let runs = 0;
  return {
    sha,
    run: async (workflow, { event, payload = {}, runId = String(4711 + runs), attempt = 1, ...rest }) => {
      const { actor = 'octocat', secrets = {}, variables = {} } = rest;
      const [eventFile, secretFile, variableFile] = [
        at(`event-${runs}`),
        at(`secrets-${runs}`),
        at(`variables-${runs}`),
      ];
      runs += 1;
      writeFileSync(eventFile, JSON.stringify(payload));
      writeFileSync(secretFile, valuesFile(secrets), { mode: 0o600 });
      writeFileSync(variableFile, valuesFile(variables));
      const own = [
        ...[event, '-W', join('.github', 'workflows', workflow), '-e', eventFile, '--actor', actor],
        ...['--secret-file', secretFile, '--var-file', variableFile],
        ...['--env', `GITHUB_TRIGGERING_ACTOR=${actor}`],
        ...['--env', `GITHUB_RUN_ID=${runId}`, '--env', `GITHUB_RUN_ATTEMPT=${attempt}`],
      ];
      const environment = { HOME: home, PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) };
      return runAct(program, [...own, ...shared], environment);
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function runAct(program: string, argv: readonly string[], env: NodeJS.ProcessEnv): Promise<WorkflowRun> {
  const child = spawn(program, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [code, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  const all = output + errors;
  return { succeeded: code === 0, jobs: readActLog(all), all };
}

/** What `uses: rollkey/rollkey…@v0` finds. */
function copyProduct(product: string): void {
  for (const file of globSync(['action.yml', '*/action.yml'], { cwd: root, exclude: ['node_modules'] }))
    cpSync(join(root, file), join(product, file));
  cpSync(join(root, 'dist'), join(product, 'dist'), { recursive: true });
  writeWorkflows(join(product, '.github', 'workflows'), readAll('.github/workflows'));
}

function readAll(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.yml'));
  return Object.fromEntries(files.map((file) => [basename(file), readFileSync(join(root, folder, file), 'utf8')]));
}

function writeWorkflows(folder: string, workflows: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, workflow] of Object.entries(workflows)) writeFileSync(join(folder, file), workflowForAct(workflow));
}

/** act takes the commit that a run is about from git, whatever its variables say. */
async function commit(folder: string): Promise<string> {
  const identity = ['-c', 'user.name=octocat', '-c', 'user.email=octocat@users.noreply.github.com'];
  const git = (...argv: readonly string[]) => run('git', ['-C', folder, ...identity, ...argv]);
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'Release by pipelines');
  return (await git('rev-parse', 'HEAD')).trim();
}

/** As act reads it (https://github.com/joho/godotenv): quoted, with escapes. */
function valuesFile(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${JSON.stringify(value).replaceAll('$', '\\$')}\n`)
    .join('');
}
