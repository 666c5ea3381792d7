import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { load } from 'js-yaml';

export type Values = Readonly<Record<string, string | number | boolean>>;

export interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Values;
}

export interface Job {
  readonly needs?: string | readonly string[];
  readonly uses?: string;
  readonly with?: Values;
  readonly secrets?: Values;
  readonly permissions?: Permissions;
  readonly environment?: string | { readonly name: string; readonly deployment?: boolean };
  readonly concurrency?: Concurrency;
  readonly 'timeout-minutes'?: number | string;
  readonly outputs?: Values;
  readonly steps?: readonly Step[];
}

export type Concurrency = string | { readonly group: string; readonly queue?: string };

export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

export interface Input {
  readonly type?: string;
  readonly required?: boolean;
  readonly default?: string | boolean;
}

interface Trigger {
  readonly tags?: readonly string[];
  readonly inputs?: Readonly<Record<string, Input>>;
  readonly secrets?: Readonly<Record<string, Input>>;
  readonly outputs?: Readonly<Record<string, { readonly value: string }>>;
}

export interface Workflow {
  readonly path: string;
  readonly text: string;
  readonly on: Readonly<Partial<Record<'workflow_call' | 'workflow_dispatch' | 'push', Trigger | null>>>;
  readonly permissions?: Permissions;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** What an action or a workflow takes and gives. */
export interface Callee {
  readonly inputs: Readonly<Record<string, Input>>;
  readonly outputs: readonly string[];
}

/** The workflows of this repository. */
export const own = readAll('.github/workflows');
/** Those that users are shown. */
export const examples = readAll('examples');
/** Those that users copy from a page. */
export const shown = ['README.md', ...globSync('docs/*.md').sort()].flatMap(readPage);
/** Those that users call. */
export const callable = own.filter(({ on }) => on.workflow_call);

/** What `$/gate`, `rollkey/rollkey/gate@v0` or a workflow of ours names; undefined for what is not ours. */
export function calleeOf(uses: string): Callee | undefined {
  const [, workflow] = /^rollkey\/rollkey\/\.github\/workflows\/([\w-]+)\.yml@v0$/.exec(uses) ?? [];
  if (workflow !== undefined) {
    const { inputs = {}, outputs = {} } = find(callable, workflow).on.workflow_call ?? {};
    return { inputs, outputs: Object.keys(outputs) };
  }
  const [, self, sub = ''] = /^(?:\$\/([\w-]+)|rollkey\/rollkey(?:\/([\w-]+))?@v0)$/.exec(uses) ?? [];
  if (self === undefined && !uses.startsWith('rollkey/rollkey')) return undefined;
  const { inputs, outputs = {} } = load(readFileSync(join(self ?? sub, 'action.yml'), 'utf8')) as {
    readonly inputs: Callee['inputs'];
    readonly outputs?: object;
  };
  return { inputs, outputs: Object.keys(outputs) };
}

/** The workflow of a name, without `.yml`. */
export function find(workflows: readonly Workflow[], name: string): Workflow {
  const found = workflows.find(({ path }) => basename(path, '.yml') === name);
  if (!found) throw new Error(`there is no workflow ${name}`);
  return found;
}

function readAll(folder: string): readonly Workflow[] {
  return globSync(`${folder}/*.yml`)
    .sort()
    .map((path) => read(path, readFileSync(path, 'utf8')));
}

/** The whole workflows of a page, without its snippets of steps. */
function readPage(page: string): readonly Workflow[] {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
  return blocks.map((yaml, index) => read(`${page}#${index}`, yaml)).filter(({ on, jobs }) => on && jobs);
}

function read(path: string, text: string): Workflow {
  return { path, text, ...(load(text) as Omit<Workflow, 'path' | 'text'>) };
}
