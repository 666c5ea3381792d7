import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { readAbortInputs, readPromoteInputs } from '../../src/inputs/read-held-inputs.ts';
import type { InputSource } from '../../src/inputs/read-inputs.ts';

type Given = Readonly<Record<string, string>>;

function source(given: Given): InputSource {
  return (name) => given[name] ?? '';
}

async function problemsOf(read: (source: InputSource) => Promise<unknown>, given: Given) {
  try {
    await read(source(given));
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe('promote/', () => {
  test('needs only the workload: what is held has its release', async () => {
    expect(await readPromoteInputs(source({ deployment: 'web' }))).toMatchObject({
      ...{ release: '', mode: 'auto', held: 'promote', images: [] },
      canary: { sizes: [], to: 'next' },
    });
  });

  test('takes a guard, how far to go, and what judges it', async () => {
    const given = { deployment: 'web', release: '1.1', to: 'all', timeout: '90s', verify: '- command: [./smoke.sh]' };
    expect(await readPromoteInputs(source(given))).toMatchObject({
      ...{ release: '1.1', timeoutMs: 90_000, canary: { to: 'all' } },
      checks: [{ kind: 'command' }],
    });
  });

  test('tells all problems at once', async () => {
    expect(await problemsOf(readPromoteInputs, { to: 'half', timeout: 'soon' })).toEqual([
      expect.stringMatching(/^deployment is empty/),
      expect.stringMatching(/^timeout "soon" is no duration/),
      'to "half" is unknown: use next, all',
    ]);
  });
});

describe('abort/', () => {
  test('needs only the workload', async () => {
    expect(await readAbortInputs(source({ deployment: 'web, api' }))).toMatchObject({
      ...{ release: '', mode: 'rollback', held: 'abort', canary: undefined, reviewEnvironment: '' },
      blockOnRollback: true,
    });
  });

  test('may be told whose reviewers to ask', async () => {
    const given = { deployment: 'web', 'review-environment': 'production', reason: 'too slow' };
    expect(await readAbortInputs(source(given))).toMatchObject({ reviewEnvironment: 'production', reason: 'too slow' });
  });

  test('tells all problems at once', async () => {
    expect(await problemsOf(readAbortInputs, { release: 'a\nb', 'review-environment': 'a\nb' })).toHaveLength(3);
  });
});

test.each([
  ['promote/', readPromoteInputs],
  ['abort/', readAbortInputs],
])('%s reads nothing of how a canary is begun', async (_, read) => {
  const given = { deployment: 'web', images: 'no image', mode: 'none', canary: 'none', 'dry-run': 'maybe' };
  expect(await problemsOf(read, given)).toEqual([]);
});
