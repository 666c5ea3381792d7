import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import { ending, type GateDesk, gateStory } from './gate-desk.ts';
import { imageOf, type Story, well } from './story.ts';

const rolledBack = [1, 'rolled-back', 'container-not-started'];
const writes = ({ method }: { readonly method: string }) => method === 'POST';

/** Milliseconds after which a rollback that waits for GitHub, for 20 s, would be known by its waiting. */
const AT_ONCE_MS = 10_000;
/** … and one by name, which asks about its target for a few seconds. */
const SOON_MS = 15_000;

/** Notes when lines of a log come, and how many records GitHub had by then. */
function openStopwatch({ records }: GateDesk) {
  const lines: { readonly line: string; readonly at: number; readonly written: number }[] = [];
  return {
    onLine: (line: string) => void lines.push({ line, at: performance.now(), written: records().length }),
    /** Milliseconds from a line to the first news of a rollout after it, and what was written by then. */
    untilNews: (from: string) => {
      const start = lines.findIndex(({ line }) => line.includes(from));
      const news = lines.slice(start + 1).find(({ line }) => /waiting for the controller|pods available/.test(line));
      const waitedMs = (news?.at ?? Number.NaN) - (lines[start]?.at ?? Number.NaN);
      return { waitedMs, written: news?.written };
    },
  };
}

/** Deploys 1.1 to staging, where it fails. */
async function failUnderWatch(at: GateDesk) {
  const { onLine, untilNews } = openStopwatch(at);
  const run = await at.deployBad('staging', '1.1', {}, { onLine });
  return { run, ...untilNews('ROLLING_BACK') };
}

function errorsOf({ annotations }: ActionRun): string {
  return annotations.flatMap(({ level, message }) => (level === 'error' ? [message] : [])).join('\n');
}

async function staging({ desk, deploy }: GateDesk): Promise<void> {
  await desk.install({ name: 'staging', image: webImage('0.9') });
  await well(deploy('staging', '1.0'));
}

export const gateAway: readonly Story[] = [
  gateStory(
    'GitHub goes away during an automatic rollback: the undo waits for nothing, and the missing block is said',
    async (at) => {
      const { desk, github, records } = at;
      await staging(at);
      github.faults.always({ silence: 'before' }, writes);
      const { run, waitedMs } = await failUnderWatch(at);
      expect(waitedMs).toBeLessThan(AT_ONCE_MS);
      expect(ending(run)).toEqual(rolledBack);
      await desk.answers('1.0', 'staging');
      expect(run.outputs).toMatchObject({ 'rolled-back-to': '1.0', 'blocked-release': '' });
      expect(run.outputs['message']).toContain('the block of 1.1 is missing');
      expect(run.summary).toContain('The block is missing');
      expect(run.summary).toContain(
        'gh workflow run block.yml -R octo/shop -f release=1.1 -f environment=staging -f reason=',
      );
      expect(run.annotations).toContainEqual(
        expect.objectContaining({ level: 'error', title: 'The block of 1.1 is missing' }),
      );
      expect(records()).toEqual([]);
    },
  ),
  gateStory('GitHub comes back within the retries: the block is written', async (at) => {
    const { desk, github, records } = at;
    await staging(at);
    github.faults.next(2, { reset: 'before' }, writes);
    github.faults.next(2, { answer: 502 }, writes);
    const { run, written } = await failUnderWatch(at);
    // It was on its way back before the block was written.
    expect(written).toBe(0);
    expect(ending(run)).toEqual(rolledBack);
    await desk.answers('1.0', 'staging');
    expect(run.outputs['blocked-release']).toBe('1.1');
    expect(run.outputs['message']).not.toContain('missing');
    expect(records().map(({ payload }) => [payload.kind, payload.release])).toEqual([['release-block', '1.1']]);
  }),
  gateStory('an answer that is lost leaves two blocks at most, and one unblock lifts both', async (at) => {
    const { github, records, run } = at;
    await staging(at);
    github.faults.next(1, { reset: 'after' }, writes);
    const { run: bad } = await failUnderWatch(at);
    expect(bad.outputs['blocked-release']).toBe('1.1');
    expect(records().length).toBeLessThanOrEqual(2);
    await well(run('unblock', { release: '1.1', reason: 'it was the node' }));
    expect(ending(await run('gate', { release: '1.1', environment: 'production' }))).toEqual([0, 'true', 'open']);
  }),
  gateStory('a token that may not write: rolled back all the same, and the missing line is named', async (at) => {
    const { desk, deployBad, github, records } = at;
    await staging(at);
    const token = github.token({ deployments: 'read' });
    const run = await deployBad('staging', '1.1', {}, { github: { apiUrl: github.url, token } });
    expect(ending(run)).toEqual(rolledBack);
    await desk.answers('1.0', 'staging');
    expect(run.outputs['message']).toContain('the block of 1.1 is missing');
    expect(errorsOf(run)).toContain('permissions: { deployments: write }');
    expect(records()).toEqual([]);
  }),
  gateStory('GitHub is away from the start: a rollback by name goes through, with a warning', async (at) => {
    const { desk, deploy, github, rollBack } = at;
    await staging(at);
    await well(deploy('staging', '1.1'));
    github.faults.always({ silence: 'before' });
    const { onLine, untilNews } = openStopwatch(at);
    const run = await well(rollBack('staging', '1.0', {}, { onLine }));
    expect(untilNews('rollback 1.0:').waitedMs).toBeLessThan(SOON_MS);
    await desk.answers('1.0', 'staging');
    expect(run.outputs).toMatchObject({ outcome: 'succeeded', mode: 'rollback', 'blocked-release': '' });
    expect(run.outputs['message']).toContain('the block of 1.1 is missing');
    expect(run.log).toContain('whether 1.0 is blocked could not be asked');
  }),
  gateStory('without an environment: what cannot be asked stops nobody, a block that can be read does', async (at) => {
    const { desk, deploy, github, run } = at;
    await staging(at);
    const [nowhere, none] = [{ environment: '' }, github.token({ deployments: 'none' })];
    await well(deploy('staging', '1.1', nowhere, { github: { apiUrl: github.url, token: none } }));
    await desk.answers('1.1', 'staging');
    await well(run('block', { release: '1.2', reason: 'it leaks' }));
    expect(ending(await deploy('staging', '1.2', nowhere))).toEqual([1, 'blocked', 'release-blocked']);
    expect(imageOf(await desk.deployment('staging'))).toBe(webImage('1.1'));
  }),
  gateStory('without a token there is no gate, and nobody asks GitHub', async (at) => {
    const { desk, deploy, deployBad, github } = at;
    await staging(at);
    const before = github.requests.length;
    const without = { 'github-token': '' };
    await well(deploy('staging', '1.1', without));
    const bad = await deployBad('staging', '1.2', without);
    expect(ending(bad)).toEqual(rolledBack);
    expect(bad.outputs).toMatchObject({ 'rolled-back-to': '1.1', 'blocked-release': '' });
    expect(bad.log + bad.summary).not.toMatch(/gate|block/i);
    await desk.answers('1.1', 'staging');
    expect(github.requests).toHaveLength(before);
  }),
  ...[1, 2, 3].map((seed) =>
    gateStory(`an API server that fails again and again blocks no release (faults ${seed})`, async (at) => {
      const { desk, deploy, records } = at;
      await staging(at);
      const faults = { seed, rate: 0.5, most: 60, latencyMs: 200 };
      const { kubeconfig, happened } = await desk.kubeconfigThrough(faults);
      const { outputs, log } = await deploy('staging', '1.1', { kubeconfig });
      expect(happened).not.toEqual([]);
      expect(`${outputs['outcome']} ${outputs['reason-code']}`).toMatch(/^succeeded |^failed cluster-/);
      expect(log).not.toContain('ROLLING_BACK');
      expect(outputs['blocked-release']).toBe('');
      expect(records()).toEqual([]);
    }),
  ),
];
