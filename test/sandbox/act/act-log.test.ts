import { expect, test } from '@jest/globals';
import { readActLog } from '../../../sandbox/act/act-log.ts';

const lines = (...entries: readonly object[]) => entries.map((entry) => JSON.stringify(entry)).join('\n');
const gate = { job: 'promote/deploy/gate  ', stepID: ['gate'] };

test('jobs are read in the order in which they began, with what their steps said', () => {
  const text = lines(
    { level: 'warning', msg: 'no docker' },
    { job: 'pipeline/dev   ', stepID: ['0'], msg: 'migrated\n', raw_output: true },
    { ...gate, command: 'set-output', name: 'allowed', arg: 'false', msg: '::set-output::' },
    { ...gate, command: 'error', kvPairs: { title: 'Rollkey' }, arg: 'closed', msg: '::error::' },
    { ...gate, command: 'summary', content: '### Stopped\n' },
    { job: 'promote/deploy/gate', jobResult: 'failure' },
    { job: 'pipeline/dev', jobResult: 'success' },
  );
  expect(readActLog(`${text}\nError: Job 'gate' failed\n`)).toEqual([
    { path: 'dev', result: 'success', log: 'migrated\n', summary: '', outputs: {}, annotations: [] },
    {
      ...{ path: 'promote/gate', result: 'failure', log: '', summary: '### Stopped\n' },
      outputs: { 'gate.allowed': 'false' },
      annotations: [{ level: 'error', title: 'Rollkey', message: 'closed' }],
    },
  ]);
});

test('a job without an end failed, and what only called others is none', () => {
  const text = lines({ job: 'pipeline/dev', stepID: ['0'], msg: '' }, { job: 'pipeline/promote', msg: 'matched' });
  expect(readActLog(text).map(({ path, result }) => [path, result])).toEqual([['dev', 'failure']]);
});
