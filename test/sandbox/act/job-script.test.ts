import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { FAILS, withJobScript } from '../../../sandbox/act/job-script.ts';

interface Document {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly object[] }>>;
}

const pipeline = readFileSync('examples/pipeline.yml', 'utf8');

test('a script stands for the steps of one job, and nothing else changes', () => {
  const { jobs, ...rest } = load(pipeline) as Document;
  const { staging, ...others } = jobs;
  expect(load(withJobScript(pipeline, 'staging', FAILS))).toEqual({
    ...rest,
    jobs: { ...others, staging: { ...staging, steps: [{ run: 'exit 1' }] } },
  });
  expect(staging?.steps).not.toEqual([{ run: 'exit 1' }]);
});

test('a job that is not there is a mistake', () => {
  expect(() => withJobScript(pipeline, 'stage', FAILS)).toThrow('there is no job stage');
});
