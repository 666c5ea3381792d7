import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { type ActionManifest, fillTables } from '../../scripts/readme/tables.ts';

const MANIFESTS: Readonly<Record<string, ActionManifest>> = Object.fromEntries(
  globSync(['action.yml', '*/action.yml'], { exclude: ['node_modules'] }).map((path) => [
    path,
    load(readFileSync(path, 'utf8')) as ActionManifest,
  ]),
);
const PAGES = ['README.md', ...globSync('docs/*.md')].sort();

/** `rollkey/rollkey@v0` is the root's, `rollkey/rollkey/gate@v0` that of gate/. */
function manifestOf(uses: string): ActionManifest | undefined {
  const folder = /^rollkey\/rollkey\/?(.*)@v0$/.exec(uses)?.[1];
  return MANIFESTS[folder ? `${folder}/action.yml` : 'action.yml'];
}

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

/** The steps of a workflow, of a job, or of a list of them. */
function stepsIn(yaml: unknown): readonly Step[] {
  if (Array.isArray(yaml)) return yaml as readonly Step[];
  const { jobs = {} } = (yaml ?? {}) as {
    readonly jobs?: Readonly<Record<string, { readonly steps?: readonly Step[] }>>;
  };
  return Object.values(jobs).flatMap(({ steps = [] }) => steps);
}

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(page, 'utf8');
  const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => yaml ?? '');
  const steps = examples.flatMap((yaml) => stepsIn(load(yaml)));
  const ours = steps.filter(({ uses }) => uses?.startsWith('rollkey/rollkey'));

  test('its tables are what npm run readme gives', () => {
    expect(fillTables(text, MANIFESTS)).toBe(text);
  });

  test('the inputs of its examples exist', () => {
    for (const { uses = '', with: inputs = {} } of ours)
      expect(Object.keys(manifestOf(uses)?.inputs ?? {})).toEqual(expect.arrayContaining(Object.keys(inputs)));
  });

  test('the outputs of its examples exist', () => {
    const known = Object.values(MANIFESTS).flatMap(({ outputs = {} }) => Object.keys(outputs));
    for (const [, name] of text.matchAll(/steps\.\w+\.outputs\.([\w-]+)/g)) expect(known).toContain(name);
  });

  test('what it links to in the repository is there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)/g)].map(([, path = '', anchor]) => ({
      path,
      anchor,
    }));
    for (const { path, anchor } of links) {
      const target = join(dirname(page), path);
      expect(existsSync(target) ? '' : target).toBe('');
      if (anchor !== undefined) expect(anchorsOf(readFileSync(target, 'utf8'))).toContain(anchor);
    }
  });
});

/** As GitHub makes them of headings. */
function anchorsOf(markdown: string): readonly string[] {
  const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading.toLowerCase());
  return headings.map((heading) => `#${heading.replaceAll(/[^\w\- ]/g, '').replaceAll(' ', '-')}`);
}

describe('README', () => {
  const readme = readFileSync('README.md', 'utf8');

  test('it has the tables and the examples that the tests of all pages look at', () => {
    expect(readme).toMatch(/<!-- inputs of action\.yml -->/);
    expect(readme).toMatch(/```yaml\n[^`]*uses: rollkey\/rollkey@v0/);
    expect(readme).toMatch(/steps\.\w+\.outputs\./);
  });

  test('the reference has every action', () => {
    const reference = readFileSync('docs/reference.md', 'utf8');
    const others = Object.keys(MANIFESTS).filter((path) => path !== 'action.yml');
    for (const path of others) expect(reference).toContain(`\n## ${dirname(path)}/\n`);
  });

  test('the Role that it shows is the one of examples/', () => {
    const [role = ''] = readFileSync('examples/role.yaml', 'utf8').split('---\n');
    expect(readme).toContain(role.replace(/^#.*\n/gm, '').trim());
  });

  test('it is short enough to be read', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(300);
  });
});
