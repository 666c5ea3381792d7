import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import type { ActionManifest } from '../../scripts/readme/tables.ts';
import { type GitHubErrorKind, InputError } from '../../src/errors.ts';
import type { Closed } from '../../src/gate/rule.ts';
import { readBlockInputs, readGateInputs, readUnblockInputs } from '../../src/inputs/read-gate-inputs.ts';
import { readAbortInputs, readPromoteInputs } from '../../src/inputs/read-held-inputs.ts';
import { readHistoryInputs } from '../../src/inputs/read-history-inputs.ts';
import { type InputSource, readClusterInputs, readTrainInputs } from '../../src/inputs/read-inputs.ts';
import { nothingHappened, OUTPUT_KEYS } from '../../src/outputs.ts';
import type { Direction, Mode, VersionChange } from '../../src/release/mode.ts';
import type { Outcome } from '../../src/result.ts';
import { NO_BLOCK } from '../../src/run/block-outputs.ts';
import { GATE_OUTPUTS } from '../../src/run/gate.ts';
import { VERSION } from '../../src/version.ts';

const root = readManifest('action.yml');
const plan = readManifest('plan/action.yml');
const history = readManifest('history/action.yml');
const promote = readManifest('promote/action.yml');
const abort = readManifest('abort/action.yml');
const gate = readManifest('gate/action.yml');
const block = readManifest('block/action.yml');
const unblock = readManifest('unblock/action.yml');

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
  ...['canary', 'canary-hold', 'forced-rollback'],
  ...['block-on-rollback', 'environment', 'github-token', 'scope', 'trusted-writers'],
];

test('roll/ is the root action, where a workflow of the same repository can reach it', () => {
  const paths = readFileSync('action.yml', 'utf8').replaceAll(': dist/', ': ../dist/');
  expect(readFileSync('roll/action.yml', 'utf8')).toBe(paths);
});

describe('inputs', () => {
  test('the root action has those that the code asks for', async () => {
    expect(Object.keys(root.inputs).sort()).toEqual(await askedBy(readTrainInputs));
  });

  test('plan/ has the same, but for those that mean nothing to it', async () => {
    expect([...Object.keys(plan.inputs), ...OF_THE_ROOT_ALONE].sort()).toEqual(await askedBy(readTrainInputs));
    for (const [name, field] of Object.entries(plan.inputs)) expect(field).toEqual(root.inputs[name]);
  });

  test.each([
    ['promote/', promote, readPromoteInputs, ['release', 'to']],
    ['abort/', abort, readAbortInputs, ['release', 'rollback-config', 'review-environment', 'github-token']],
  ] as const)(
    '%s has those that the code asks for, in the words of the root action',
    async (_, manifest, read, own) => {
      const words: readonly string[] = own;
      const asked = new Set<string>();
      await read((name) => {
        asked.add(name);
        return name === 'deployment' ? 'web' : '';
      });
      expect(Object.keys(manifest.inputs).sort()).toEqual([...asked].sort());
      for (const [name, field] of Object.entries(manifest.inputs))
        if (!words.includes(name)) expect(field).toEqual(root.inputs[name]);
      expect(manifest.outputs).toEqual(root.outputs);
    },
  );

  test('history/ has those that say where the workloads are, and whose records its board is made of', async () => {
    expect(Object.keys(history.inputs).sort()).toEqual(await askedBy(readHistoryInputs));
    for (const name of await askedBy(readClusterInputs)) expect(history.inputs[name]).toEqual(root.inputs[name]);
  });

  test('an input that is left out means what its default says', async () => {
    // What the runner puts there is no input of anybody.
    const needed = { release: '1.0', deployment: 'web', 'github-token': '' };
    // An expression, which the runner evaluates; that there is no token without it is meant.
    const given: Readonly<Record<string, string>> = { ...defaultsOf(root), ...needed, 'github-token': '' };
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
    for (const { inputs } of [root, plan, history, promote, abort, gate, block, unblock])
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
    aborted: true,
    'rolled-back': true,
    'rollback-failed': true,
    failed: true,
    'timed-out': true,
    superseded: true,
    blocked: true,
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

test('roll/ is the root action, from its own folder', () => {
  const own = readFileSync('roll/action.yml', 'utf8').replaceAll(': ../dist/', ': dist/');
  expect(own).toBe(readFileSync('action.yml', 'utf8'));
});

describe('gate/, block/ and unblock/', () => {
  const needed: Readonly<Record<string, string>> = {
    ...{ release: '1.0', environment: 'production', reason: 'pods crash', 'github-token': 'ghs_x' },
  };
  const readers: readonly (readonly [string, Manifest, (source: InputSource) => unknown])[] = [
    ['gate/', gate, readGateInputs],
    ['block/', block, readBlockInputs],
    ['unblock/', unblock, (source) => readUnblockInputs(source, 1)],
  ];

  test.each(readers)('%s has the inputs that the code asks for', (_, { inputs }, read) => {
    const asked = new Set<string>();
    read((name) => {
      asked.add(name);
      return needed[name] ?? '';
    });
    expect(Object.keys(inputs).sort()).toEqual([...asked].sort());
  });

  test.each(readers)('%s: an input that is left out means what its default says', (_, manifest, read) => {
    const given: Readonly<Record<string, string>> = { ...defaultsOf(manifest), ...needed };
    expect(read((name) => given[name] ?? '')).toEqual(read((name) => needed[name] ?? ''));
  });

  test.each(readers)('%s: required is what nothing works without', (_, { inputs }, read) => {
    for (const [name, { required }] of Object.entries(inputs)) {
      const attempt = () => read((each) => (each === name ? '' : (needed[each] ?? '')));
      if (required || name === 'github-token') expect(attempt).toThrow(InputError);
      else expect(attempt).not.toThrow();
    }
  });

  test('they speak of the same things in the same words', () => {
    for (const { inputs } of [gate, block, unblock]) {
      expect(inputs['scope']).toEqual(root.inputs['scope']);
      expect(inputs['trusted-writers']).toEqual(root.inputs['trusted-writers']);
      expect(inputs['release']).toEqual(gate.inputs['release']);
    }
  });

  test('they have the outputs that the code sets', () => {
    expect(Object.keys(gate.outputs)).toEqual(GATE_OUTPUTS);
    for (const { outputs } of [block, unblock]) expect(Object.keys(outputs)).toEqual(Object.keys(NO_BLOCK));
  });

  test('reason-code lists all its values', () => {
    const codes: Record<Closed['code'], true> = {
      'release-blocked': true,
      'gate-unreadable': true,
      'not-verified': true,
      'not-soaked': true,
    };
    const kinds: Record<GitHubErrorKind, true> = {
      forbidden: true,
      unauthorized: true,
      'not-found': true,
      limited: true,
      unreachable: true,
      rejected: true,
    };
    const all = ['open', ...Object.keys(codes), 'invalid-input', 'internal-error'];
    const listed = gate.outputs['reason-code']?.description.split(/[^\w-]+/);
    expect(listed).toEqual(expect.arrayContaining([...all, ...Object.keys(kinds).map((kind) => `github-${kind}`)]));
  });
});

test('the version is the same everywhere', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  expect(VERSION).toBe(version);
  expect(JSON.parse(readFileSync('package-lock.json', 'utf8'))).toMatchObject({ version });
});
