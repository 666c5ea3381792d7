import { readFileSync } from 'node:fs';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { describe, expect, test } from '@jest/globals';
import { calleeOf, examples, type Job, own, type Step, shown, type Workflow } from './workflow-files.ts';

const all = [...own, ...examples];

/** An hour at most; where the caller gives limits of its own, GitHub's six. */
const MINUTES = /: ([1-5]?\d|60|\$\{\{ .*\binputs\.timeout\b.* && 60 \|\| 360 \}\})$/;

/** A healthy run takes longer than an hour by any of these: monitor, delay, scale-down-delay, interval and their like. */
const LENGTHENING = ['canary-hold', 'blue-green', 'verify', 'update-config', 'rollback-config'];

/** Gives the parser the workflows that are called, as a checkout would. */
const files = {
  getFileContent: async (reference: { readonly path: string }) => ({
    name: reference.path,
    content: readFileSync(reference.path, 'utf8'),
  }),
};

describe.each([...all, ...shown].map((workflow) => [workflow.path, workflow] as const))('%s', (_path, workflow) => {
  const { jobs, steps, uses } = partsOf(workflow);

  test("is valid to GitHub's own parser, with what it calls", async () => {
    const { path: name, text: content } = workflow;
    const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
    expect(context.errors.getErrors().map(({ message }) => message)).toEqual([]);
    if (!value) throw new Error('it is empty');
    const template = await convertWorkflowTemplate(context, value, files, { fetchReusableWorkflowDepth: 1 });
    expect(context.errors.getErrors().map(({ message }) => message)).toEqual([]);
    expect(template.errors ?? []).toEqual([]);
    expect(template.jobs).toHaveLength(jobs.length);
  });

  test('grants nothing that a job does not name', () => {
    expect(workflow.permissions).toEqual({});
    for (const [, { permissions }] of jobs) {
      expect(permissions).toBeDefined();
    }
  });

  test('lets no job that hangs keep its turn for the six hours that GitHub would', () => {
    // What is called has limits of its own, and GitHub takes none beside it.
    for (const [name, job] of jobs.filter(([, { uses: called }]) => called === undefined))
      expect(`${name}: ${job['timeout-minutes']}`).toMatch(MINUTES);
  });

  test('puts no expression into a script, where text would become code', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
    expect(uses.join()).not.toContain('${{');
  });

  test('passes what its callees take, and what they require', () => {
    const given = (each: Step | Job) => Object.keys(each.with ?? {});
    for (const each of [...steps, ...jobs.map(([, job]) => job)]) {
      const { inputs = {} } = calleeOf(each.uses ?? '') ?? {};
      if (Object.keys(inputs).length === 0) continue;
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(given(each)));
      const required = Object.entries(inputs).flatMap(([name, { required = false }]) => (required ? [name] : []));
      expect(given(each)).toEqual(expect.arrayContaining(required));
    }
  });

  test('reads only outputs that there are', () => {
    const outputs = outputsOf(workflow);
    for (const text of expressionsOf(workflow))
      for (const [, name = ''] of text.matchAll(/\b((?:steps|needs|jobs)\.[\w-]+\.outputs\.[\w-]+)/g))
        expect(outputs).toContain(name.replace(/^jobs\./, 'needs.'));
  });

  test('cancels nobody who changes something', () => {
    if (jobs.some(changesSomething)) expect(workflow.text).not.toContain('cancel-in-progress');
  });
});

describe.each(all.map((workflow) => [workflow.path, workflow] as const))('%s', (_path, workflow) => {
  const { jobs, steps, uses } = partsOf(workflow);

  test('cuts no job off whose inputs lengthen it', () => {
    const taken = LENGTHENING.filter((input) => workflow.on.workflow_call?.inputs?.[input]);
    for (const [, job] of jobs.filter(([, each]) => String(each['timeout-minutes']).includes('inputs.timeout')))
      for (const input of taken) expect(job['timeout-minutes']).toContain(`inputs.${input} == ''`);
  });

  test('takes from others only what a full SHA pins, with its version beside it', () => {
    for (const each of uses.filter((name) => calleeOf(name) === undefined)) {
      expect(each).toMatch(/^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40}$/);
      expect(workflow.text).toMatch(new RegExp(`uses: ${each} # v\\d+\\.\\d+\\.\\d+\\n`));
    }
  });

  test('never lets a checkout leave its token behind', () => {
    for (const step of steps.filter((each) => each.uses?.startsWith('actions/checkout@')))
      expect(step.with?.['persist-credentials']).toBe(false);
  });

  test("makes no deployment of GitHub's own beside the record", () => {
    for (const [, { environment }] of jobs.filter(changesSomething))
      if (environment !== undefined) expect(environment).toMatchObject({ deployment: false });
  });
});

function partsOf(workflow: Workflow) {
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps ?? []);
  const uses = [...steps, ...jobs.map(([, job]) => job)].flatMap((each) => each.uses ?? []);
  return { jobs, steps, uses };
}

function changesSomething([, { permissions = {}, environment }]: readonly [string, Job]): boolean {
  return environment !== undefined || [permissions['deployments'], permissions['contents']].includes('write');
}

/** What later jobs and steps can read: `steps.gate.outputs.allowed`, `needs.gate.outputs.allowed`. */
function outputsOf({ jobs }: Workflow): readonly string[] {
  return Object.entries(jobs).flatMap(([name, { outputs = {}, uses = '', steps = [] }]) => [
    ...[...Object.keys(outputs), ...(calleeOf(uses)?.outputs ?? [])].map((output) => `needs.${name}.outputs.${output}`),
    ...steps.flatMap(({ id, uses: action = '' }) =>
      (calleeOf(action)?.outputs ?? []).map((output) => `steps.${id}.outputs.${output}`),
    ),
  ]);
}

function expressionsOf({ text }: Workflow): readonly string[] {
  return [...text.matchAll(/\$\{\{([\s\S]*?)\}\}|^\s*if: (.*)$/gm)].map(
    ([, inside, condition]) => inside ?? condition ?? '',
  );
}
