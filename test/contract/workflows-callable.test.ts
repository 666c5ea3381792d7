import { describe, expect, test } from '@jest/globals';
import {
  type Callee,
  callable,
  calleeOf,
  examples,
  find,
  type Input,
  type Job,
  type Permissions,
} from './workflow-files.ts';

/** Inputs of an action that a workflow around it has no use for. */
const KEPT_BACK: Readonly<Record<string, readonly string[]>> = {
  '$/gate': ['github-token'],
  '$/block': ['github-token'],
  '$/unblock': ['github-token'],
  '$/plan': [],
  '$/promote': ['github-token'],
  '$/abort': ['github-token'],
  'deploy.yml $/roll': ['github-token'],
  // What a release is made of, and what follows when it fails, is nothing to a rollback.
  // It was here already: only a block can keep it from going on.
  'promote.yml $/gate': ['github-token', 'after', 'soak', 'allow-redeploy'],
  'rollback.yml $/roll': ['github-token', 'images', 'canary', 'canary-hold', 'update-config', 'fail-on-rollback'],
};

test('there is one for each set of rights', () => {
  const names = callable.map(({ path }) => path.replace(/^.*\/(.*)\.yml$/, '$1'));
  expect(names).toEqual(['abort', 'block', 'deploy', 'gate', 'promote', 'rollback', 'unblock']);
});

describe.each(callable.map((workflow) => [workflow.path, workflow] as const))('%s', (path, workflow) => {
  const call = workflow.on.workflow_call ?? {};
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([name, job]) => stepsOf(name, job));
  const file = path.replace(/^.*\//, '');

  test('says which permissions its caller must grant: all that its jobs ask for', () => {
    const [, header = ''] = /^# {3}permissions:\n((?:# {5}\S.*\n)+)/m.exec(workflow.text) ?? [];
    const said = [...header.matchAll(/^# {5}([\w-]+: \w+)/gm)].map(([, line]) => line);
    expect(said).toEqual(strongest(jobs.map(([, { permissions = {} }]) => permissions)));
  });

  test('asks for no right to sign in anywhere, and calls nothing but its own commit', () => {
    expect(workflow.text).not.toContain('id-token');
    for (const { uses } of steps) expect(uses).toMatch(/^\$\/[a-z]+$/);
  });

  test('passes on every input of its actions', () => {
    for (const { uses, given, callee } of steps) {
      const kept = KEPT_BACK[`${file} ${uses}`] ?? KEPT_BACK[uses] ?? [];
      expect([...given.keys(), ...kept].sort()).toEqual(Object.keys(callee.inputs).sort());
    }
  });

  test('passes each as it came, by with and nothing else', () => {
    const { inputs = {} } = call;
    for (const { given } of steps)
      for (const [name, value] of given) {
        if (name === 'mode' && value === 'rollback') continue;
        if (name === 'kubeconfig') expect(value).toBe(expression('secrets.kubeconfig'));
        // Who starts it by hand is not asked for everything: what is left out gets the default of a call.
        else
          expect([expression(`inputs.${name}`), expression(`inputs.${name} || ${literal(inputs[name])}`)]).toContain(
            value,
          );
      }
  });

  test('has no input that goes nowhere', () => {
    for (const name of Object.keys(call.inputs ?? {})) expect(workflow.text).toContain(`inputs.${name}`);
  });

  test('has the defaults of its actions', () => {
    for (const { callee } of steps)
      for (const [name, { default: value = '' }] of Object.entries(call.inputs ?? {}))
        if (name in callee.inputs && callee.inputs[name]?.required !== true && name !== 'environment')
          expect([name, `${value}`]).toEqual([name, `${callee.inputs[name]?.default ?? ''}`]);
  });

  test('gives every output of its actions', () => {
    const passed = Object.fromEntries(Object.entries(call.outputs ?? {}).map(([name, { value }]) => [value, name]));
    for (const { job, id, uses, callee } of steps) {
      // All of the plan is in its result, and most of it comes again from the run itself.
      // Whoever is reviewed is only let through.
      const outputs = uses === '$/plan' ? ['result'] : job === 'review' ? [] : callee.outputs;
      const ofJob = workflow.jobs[job]?.outputs ?? {};
      expect(ofJob).toEqual(
        Object.fromEntries(outputs.map((name) => [name, expression(`steps.${id}.outputs.${name}`)])),
      );
      for (const name of outputs) {
        const prefix = file === 'deploy.yml' && job !== 'deploy' ? `${job}-` : '';
        expect(passed[expression(`jobs.${job}.outputs.${name}`)]).toBe(`${prefix}${name}`);
      }
    }
    expect(Object.keys(passed)).toHaveLength(Object.keys(call.outputs ?? {}).length);
  });

  test('takes the same by hand as by a call, or less', () => {
    const byHand = workflow.on.workflow_dispatch?.inputs ?? {};
    expect(Object.keys(call.inputs ?? {})).toEqual(expect.arrayContaining(Object.keys(byHand)));
    expect(Object.keys(byHand).length).toBeLessThanOrEqual(25);
    for (const [name, { required = false, default: value }] of Object.entries(byHand))
      expect({ required, value }).toEqual({
        required: call.inputs?.[name]?.required ?? false,
        value: call.inputs?.[name]?.default,
      });
  });
});

test('nothing waits for reviewers of a canary: they have a job without a group, and what goes back asks nobody', () => {
  const called = find(callable, 'promote').jobs['review'] ?? {};
  expect(called).toMatchObject({ environment: { name: expression('inputs.review-environment') } });
  expect(called.concurrency).toBeUndefined();
  const { jobs } = find(examples, 'canary');
  expect(jobs['review']).not.toHaveProperty('concurrency');
  const environmentOf = (job: string) => jobs[job]?.environment;
  expect(environmentOf('review')).not.toEqual(environmentOf('abort'));
  expect(environmentOf('abort')).toEqual(environmentOf('production'));
});

test('who unblocks by hand chooses neither the reviewers nor whose records count', () => {
  const { on, jobs } = find(callable, 'unblock');
  expect(Object.keys(on.workflow_dispatch?.inputs ?? {})).toEqual(['release', 'reason', 'block', 'scope']);
  expect(jobs['unblock']?.environment).toEqual({
    name: expression("inputs.environment || 'unblock'"),
    deployment: false,
  });
});

interface Called {
  readonly job: string;
  readonly id: string;
  readonly uses: string;
  readonly given: ReadonlyMap<string, string | number | boolean>;
  readonly callee: Callee;
}

function stepsOf(job: string, { steps = [] }: Job): readonly Called[] {
  return steps.map(({ id = '', uses = '', with: given = {} }) => {
    const callee = calleeOf(uses);
    if (!callee) throw new Error(`${uses} is not ours`);
    return { job, id, uses, given: new Map(Object.entries(given)), callee };
  });
}

function expression(text: string): string {
  return `\${{ ${text} }}`;
}

/** The default of an input, as an expression has it. */
function literal({ default: value }: Input = {}): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

function strongest(all: readonly Permissions[]): readonly string[] {
  const merged: Record<string, string> = {};
  for (const [name, right] of all.flatMap((each) => Object.entries(each)))
    if (merged[name] !== 'write') merged[name] = right;
  return Object.entries(merged).map(([name, right]) => `${name}: ${right}`);
}
