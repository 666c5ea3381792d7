import { describe, expect, test } from '@jest/globals';
import { timeline } from '../../src/report/timeline.ts';
import type { WorkloadResult } from '../../src/result.ts';
import { HOSTILE } from './hostile.ts';
import { sampleWorkload } from './sample.ts';
import { CRASH } from './sample-failures.ts';

/** All that Mermaid may get to read in a chart of ours. */
const LINE =
  /^(?:```(?:mermaid)?|%%\{init: \{"gantt": \{"leftPadding": \d+\}\}\}%%|gantt| {4}dateFormat x| {4}axisFormat %s s| {4}tickInterval 1second| {4}section (?! |$)[^:;#%{}[\]"'`<>|\\]*| {4}\d+s [^:;#%{}[\]"'`<>|\\]*:(?:done|active|crit), \d+, \d+)$/;

test('each moment lasts until the next, the last one is marked', () => {
  expect(timeline([sampleWorkload()])).toMatchInlineSnapshot(`
"\`\`\`mermaid
%%{init: {"gantt": {"leftPadding": 138}}}%%
gantt
    dateFormat x
    axisFormat %s s
    section deployment/web
    0s template set :done, 400, 1100
    1s 1 of 3 pods updated :done, 1100, 18000
    18s 2 of 3 pods updated :done, 18000, 31000
    31s 3 of 3 pods updated :done, 31000, 42300
    42s available :active, 42300, 42935
\`\`\`"
`);
});

test('nothing to show is nothing', () => {
  expect(timeline([])).toBe('');
  expect(timeline([sampleWorkload({ timeline: [] })])).toBe('');
});

test('a short rollout has one tick a second', () => {
  expect(timeline([sampleWorkload({ seconds: 3 })])).toContain('    tickInterval 1second');
  expect(timeline([sampleWorkload({ seconds: 300 })])).not.toContain('tickInterval');
});

test('a bad end is critical', () => {
  expect(timeline([sampleWorkload({ outcome: 'timed-out' })])).toMatch(/available :crit, /);
});

describe('what was taken back', () => {
  const there = Array.from({ length: 50 }, (_, at) => ({ at, text: `moment ${at}` }));
  const back = Array.from({ length: 30 }, (_, index) => ({ at: 49 + index, text: `step ${index}` }));
  const returned = (timeline: WorkloadResult['timeline'], outcome: WorkloadResult['outcome'] = 'rolled-back') =>
    sampleWorkload({ outcome, seconds: 80, timeline, rollback: { to: '1', state: 'done', message: '', seconds: 31 } });
  const turn = { at: 49, text: 'rolling back to 1' };

  test('says where and why it failed, and ends well', () => {
    const tags = timeline([returned([...there.slice(-2), turn, ...back.slice(-1)])]).match(/:(done|crit|active)/g);
    expect(tags).toEqual([':done', ':done', ':crit', ':done', ':active']);
  });

  test('names the cause', () => {
    const failed = { ...returned([...there, turn]), cause: CRASH };
    expect(timeline([failed])).toContain('49s container app exits 3, 4 restarts (on 2 pods) :crit, 49000');
    const others = (reasonCode: WorkloadResult['reasonCode']) => timeline([{ ...returned([turn]), reasonCode }]);
    expect(others('train-failed')).toContain('49s another workload of the train failed :crit, 49000');
    expect(others('check-failed')).toContain('49s its checks failed :crit, 49000');
    expect(others('timeout')).toContain('49s failed :crit, 49000');
  });

  test('ends badly where the way back did', () => {
    expect(timeline([returned([...there, turn, ...back], 'rollback-failed')])).toMatch(/step 29 :crit, /);
  });

  test('shows the first and the last moments of both ways', () => {
    const shown = timeline([returned([...there, turn, ...back])]).match(/moment \d+|rolling back to 1|step \d+/g);
    expect(shown).toHaveLength(24);
    expect(shown).toEqual(expect.arrayContaining(['moment 0', 'moment 49', 'rolling back to 1', 'step 29']));
  });
});

test('of many moments the first and the last are shown', () => {
  const moments = Array.from({ length: 50 }, (_, at) => ({ at, text: `moment ${at}` }));
  const shown = timeline([sampleWorkload({ timeline: moments })]).match(/moment \d+/g);
  expect(shown).toHaveLength(12);
  expect(shown?.[0]).toBe('moment 0');
  expect(shown?.at(-1)).toBe('moment 49');
});

describe.each(Object.entries(HOSTILE))('hostile text: %s', (_, hostile) => {
  test('cannot leave its label', () => {
    const chart = timeline([sampleWorkload({ workload: hostile, timeline: [{ at: 1, text: hostile }] })]);
    expect(chart.split('\n').filter((line) => !LINE.test(line))).toEqual([]);
    expect(chart.split('\n')).toHaveLength(8);
  });
});

test('what a run waited for last is drawn until the run ended', () => {
  const waited = sampleWorkload({
    outcome: 'timed-out',
    seconds: 600,
    timeline: [{ at: 2, text: '0 of 3 pods available' }],
  });
  expect(timeline([waited])).toContain(':crit, 2000, 600000');
});
