import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { deployTask } from '../../src/gate/task.ts';
import { gateStory } from './gate-desk.ts';
import { type Story, well } from './story.ts';

/** GitHub's runner waits 7.5 s before it goes further. */
const LONGEST_ANSWER_MS = 7_000;

export const gateInterrupted: readonly Story[] = [
  gateStory('cancelled on its way back while GitHub is away: the post step blocks and records', async (at) => {
    const { desk, deploy, deployBad, github, records } = at;
    await desk.install({ name: 'staging', image: webImage('0.9') });
    await well(deploy('staging', '1.0'));
    github.faults.always({ silence: 'before' }, ({ method }) => method === 'POST');
    const stop = new AbortController();
    let [stoppedAt, answeredAt] = [Number.NaN, Number.NaN];
    stop.signal.addEventListener('abort', () => {
      stoppedAt = performance.now();
    });
    const run = await deployBad(
      'staging',
      '1.1',
      // Else it may be back before it is told.
      { 'rollback-config': 'monitor: 50s' },
      {
        cancelled: stop.signal,
        onLine: (line) => line.includes('ROLLING_BACK') && stop.abort(),
        beforePost: () => {
          answeredAt = performance.now();
          expect(records()).toEqual([]);
          github.faults.clear();
        },
      },
    );
    expect(run.outputs).toMatchObject({ outcome: 'cancelled', 'blocked-release': '' });
    expect(answeredAt - stoppedAt).toBeLessThan(LONGEST_ANSWER_MS);
    expect(run.post?.exitCode).toBe(0);
    expect(run.post?.log).toContain('1.1 is blocked');
    expect(records().map(({ payload }) => [payload.kind, payload.release])).toEqual([['release-block', '1.1']]);
    await desk.answers('1.0', 'staging');
    const [newest] = github.deployments().filter(({ task }) => task === deployTask('default'));
    expect(newest?.payload).toMatchObject({ running: '1.0', verified: true, mode: 'rollback' });
  }),
  gateStory('cancelled while the gate is silent: nothing is written, and it says so', async (at) => {
    const { desk, deploy, github } = at;
    await desk.install({ name: 'staging', image: webImage('0.9') });
    await well(deploy('staging', '1.0'));
    github.faults.always({ silence: 'before' });
    const stop = new AbortController();
    const onLine = (line: string) => line.includes('deploy 1.1') && setTimeout(() => stop.abort(), 500);
    const run = await deploy('staging', '1.1', {}, { cancelled: stop.signal, onLine });
    expect(run.outputs).toMatchObject({ outcome: 'cancelled', changed: 'false' });
    expect(run.summary).toMatch(/^### Cancelled before anything was changed/);
    await desk.answers('1.0', 'staging');
  }),
];
