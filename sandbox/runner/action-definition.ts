import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';

/** Which of the repository's actions: its folder. */
export type ActionName = 'root' | 'roll' | 'promote' | 'abort' | 'plan' | 'history' | 'gate' | 'block' | 'unblock';

/** What the runner reads from an action.yml. */
export interface ActionDefinition {
  /** Paths of the bundles. */
  readonly main: string;
  readonly post: string | undefined;
  /** Every input with its default. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: readonly string[];
}

interface ActionYaml {
  readonly inputs?: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string };
}

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Reads an action.yml of this repository, or of another checkout of it. */
export function readAction(action: ActionName, checkout = repository): ActionDefinition {
  const file = join(checkout, action === 'root' ? '' : action, 'action.yml');
  const { inputs = {}, outputs = {}, runs } = load(readFileSync(file, 'utf8')) as ActionYaml;
  if (runs.using !== 'node24') throw new Error(`${file}: runs.using is ${runs.using}, not node24`);
  const bundle = (path: string) => join(dirname(file), path);
  return {
    main: bundle(runs.main),
    post: runs.post === undefined ? undefined : bundle(runs.post),
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, String(input.default ?? '')])),
    outputs: Object.keys(outputs),
  };
}
