import { expect, test } from '@jest/globals';
import { parseYamlInput } from '../../src/inputs/yaml-input.ts';
import { HOSTILE_YAML } from './hostile-yaml.ts';

test.each(['', ' ', '\n\n', '# nothing yet', '  # - http: https://x\r\n#\n', '~', 'null'])(
  '%j is empty',
  async (text) => {
    expect(await parseYamlInput('verify', text)).toEqual({ value: undefined, problems: [] });
  },
);

test('values are those of YAML 1.2', async () => {
  const { value } = await parseYamlInput('verify', 'a: yes\nb: 0.5\nc: 010\nd: 2026-11-21\ne: true\nf: [1m30s, 1:30]');
  expect(value).toEqual({ a: 'yes', b: 0.5, c: 10, d: '2026-11-21', e: true, f: ['1m30s', '1:30'] });
});

test('what is wrong is said with its line, and without its text', async () => {
  const { problems } = await parseYamlInput(
    'verify',
    '- http:\n    headers: { Authorization: Bearer s3cr3t }\n   x: y: z\n',
  );
  expect(problems).toEqual([expect.stringMatching(/^verify is not YAML \(.+ in line 3\): check its dashes, colons/)]);
  expect(problems.join()).not.toContain('s3cr3t');
});

test.each(Object.entries(HOSTILE_YAML))('%s: an answer at once, in one line at most', async (_what, text) => {
  const { problems } = await parseYamlInput('verify', text);
  expect(problems.length).toBeLessThanOrEqual(1);
  for (const problem of problems) expect(problem).toMatch(/^verify [^\p{Cc}]{1,250}$/u);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect('polluted' in {}).toBe(false);
});

test.each(['a megabyte', 'two documents', 'a tag of JavaScript', 'the same key twice', 'tabs', 'deep lists'])(
  '%s: refused',
  async (what) => {
    expect((await parseYamlInput('verify', HOSTILE_YAML[what] ?? '')).problems).toHaveLength(1);
  },
);
