import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { type ActionManifest, fillTables } from '../../scripts/readme/tables.ts';
import { InputError } from '../../src/errors.ts';
import { readHistoryInputs } from '../../src/inputs/read-history-inputs.ts';
import { type InputSource, readClusterInputs, readTrainInputs } from '../../src/inputs/read-inputs.ts';
import { nothingHappened, OUTPUT_KEYS } from '../../src/outputs.ts';
import type { Direction, Mode, VersionChange } from '../../src/release/mode.ts';
import type { Outcome } from '../../src/result.ts';
import { VERSION } from '../../src/version.ts';

const root = readManifest('action.yml');
const plan = readManifest('plan/action.yml');
const history = readManifest('history/action.yml');

type Manifest = Required<ActionManifest> & { readonly description: string };

function readManifest(path: string): Manifest {
  return load(readFileSync(path, 'utf8')) as Manifest;
}

/** The inputs that the code asks for. */
async function askedBy(read: (source: InputSource) => unknown): Promise<readonly string[]> {
  const asked = new Set<string>();
  await read((name) => {
    asked.add(name);
    return { release: '1.0', deployment: 'web' }[name] ?? '';
  });
  return [...asked].sort();
}

function defaultsOf({ inputs }: Manifest): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(inputs).map(([name, field]) => [name, String(field.default ?? '')]));
}

/** What plan/ has no use for: it waits for nothing, records nothing, and is dry anyway. */
const OF_THE_ROOT_ALONE = [
  ...['dry-run', 'reason', 'timeout', 'verify'],
  ...['fail-fast', 'fail-on-rollback', 'rollback-config', 'update-config'],
];

describe('inputs', () => {
  test('the root action has those that the code asks for', async () => {
    expect(Object.keys(root.inputs).sort()).toEqual(await askedBy(readTrainInputs));
  });

  test('plan/ has the same, but for those that mean nothing to it', async () => {
    expect([...Object.keys(plan.inputs), ...OF_THE_ROOT_ALONE].sort()).toEqual(await askedBy(readTrainInputs));
    for (const [name, field] of Object.entries(plan.inputs)) expect(field).toEqual(root.inputs[name]);
  });

  test('history/ has those that say where the workloads are, and whose records its board is made of', async () => {
    expect(Object.keys(history.inputs).sort()).toEqual(await askedBy(readHistoryInputs));
    for (const name of await askedBy(readClusterInputs)) expect(history.inputs[name]).toEqual(root.inputs[name]);
  });

  test('an input that is left out means what its default says', async () => {
    const needed = { release: '1.0', deployment: 'web' };
    const given: Readonly<Record<string, string>> = { ...defaultsOf(root), ...needed };
    const bare: Readonly<Record<string, string>> = needed;
    expect(await readTrainInputs((name) => given[name] ?? '')).toEqual(
      await readTrainInputs((name) => bare[name] ?? ''),
    );
  });

  test('required is what nothing works without', async () => {
    for (const [name, { required }] of Object.entries(root.inputs)) {
      const given: Readonly<Record<string, string>> = { release: '', mode: 'rollback', deployment: 'web', [name]: '' };
      const read = () => readTrainInputs((each) => given[each] ?? '');
      if (required) await expect(read()).rejects.toThrow(InputError);
      else if (name !== 'mode') await expect(read()).resolves.toBeDefined();
    }
  });

  test('names are in kebab-case, defaults are strings', () => {
    for (const { inputs } of [root, plan, history])
      for (const [name, field] of Object.entries(inputs)) {
        expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
        if (field.default !== undefined) expect(typeof field.default).toBe('string');
        expect(field.required === true).toBe(field.default === undefined);
      }
  });
});

describe('outputs', () => {
  test('the root action and plan/ have those that the code sets', () => {
    expect(Object.keys(root.outputs)).toEqual(OUTPUT_KEYS);
    expect(plan.outputs).toEqual(root.outputs);
    expect(Object.keys(nothingHappened()).sort()).toEqual([...OUTPUT_KEYS].sort());
  });

  const outcomes: Record<Outcome, true> = {
    succeeded: true,
    unchanged: true,
    planned: true,
    paused: true,
    'rolled-back': true,
    'rollback-failed': true,
    failed: true,
    'timed-out': true,
    superseded: true,
    cancelled: true,
  };
  const modes: Record<Mode, true> = { deploy: true, redeploy: true, rollback: true };
  const directions: Record<Direction, true> = { up: true, down: true, none: true, unknown: true };
  const changes: Record<VersionChange, true> = {
    identical: true,
    major: true,
    minor: true,
    build: true,
    revision: true,
    prerelease: true,
    metadata: true,
    unknown: true,
  };

  test.each([
    ['outcome', outcomes],
    ['mode', modes],
    ['direction', directions],
    ['version-change', changes],
  ])('%s lists all its values', (name, values) => {
    for (const value of Object.keys(values)) expect(words(root.outputs[name]?.description)).toContain(value);
  });

  test('the input mode lists all its values, too', () => {
    for (const mode of ['auto', ...Object.keys(modes)]) expect(words(root.inputs['mode']?.description)).toContain(mode);
  });

  function words(text = ''): readonly string[] {
    return text.split(/[^\w-]+/);
  }
});

test('the version is the same everywhere', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  expect(VERSION).toBe(version);
  expect(JSON.parse(readFileSync('package-lock.json', 'utf8'))).toMatchObject({ version });
});

describe('README', () => {
  const readme = readFileSync('README.md', 'utf8');

  test('its tables are what npm run readme gives', () => {
    const manifests = { 'action.yml': root, 'plan/action.yml': plan, 'history/action.yml': history };
    const reference = readFileSync('docs/reference.md', 'utf8');
    expect(readme).toMatch(/<!-- inputs of action\.yml -->/);
    expect(reference).toMatch(/<!-- outputs of action\.yml -->/);
    for (const page of [readme, reference]) expect(fillTables(page, manifests)).toBe(page);
  });

  test('the inputs of its examples exist', () => {
    const examples = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => load(text ?? ''));
    const used = examples.flatMap(stepsOf).filter(({ uses }) => uses?.startsWith('rollkey/rollkey'));
    expect(used.length).toBeGreaterThan(0);
    for (const { uses = '', with: inputs = {} } of used) {
      const manifest = uses.includes('/plan@') ? plan : uses.includes('/history@') ? history : root;
      expect(Object.keys(manifest.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
    }
  });

  test('the outputs of its examples exist', () => {
    const outputs = [...readme.matchAll(/steps\.\w+\.outputs\.([\w-]+)/g)].map(([, name]) => name);
    expect(outputs.length).toBeGreaterThan(0);
    for (const name of outputs) expect([...OUTPUT_KEYS, ...Object.keys(history.outputs)]).toContain(name);
  });

  test('the Role that it shows is the one of examples/', () => {
    const [role = ''] = readFileSync('examples/role.yaml', 'utf8').split('---\n');
    expect(readme).toContain(role.replace(/^#.*\n/gm, '').trim());
  });

  test('it is short enough to be read', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(300);
  });
});

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

function stepsOf(workflow: unknown): readonly Step[] {
  const { jobs = {} } = (workflow ?? {}) as {
    readonly jobs?: Readonly<Record<string, { readonly steps?: readonly Step[] }>>;
  };
  return Object.values(jobs).flatMap(({ steps = [] }) => steps);
}
