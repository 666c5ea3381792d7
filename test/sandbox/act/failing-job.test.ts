import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { withFailingJob } from '../../../sandbox/act/failing-job.ts';

interface Document {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly object[]; readonly needs?: unknown }>>;
}

const pipeline = readFileSync('examples/pipeline.yml', 'utf8');

test('one job fails before its own steps, and nothing else changes', () => {
  const { jobs, ...rest } = load(pipeline) as Document;
  const { staging, ...others } = jobs;
  expect(load(withFailingJob(pipeline, 'staging'))).toEqual({
    ...rest,
    jobs: { ...others, staging: { ...staging, steps: [{ run: 'exit 1' }] } },
  });
  expect(staging?.steps).not.toEqual([{ run: 'exit 1' }]);
});

test('a job that is not there is a mistake', () => {
  expect(() => withFailingJob(pipeline, 'stage')).toThrow('there is no job stage');
});
