import { expect } from '@jest/globals';
import { sampleAvailability } from '../../sandbox/desk/availability.ts';
import { type BadRelease, badReleases } from '../../sandbox/desk/bad-releases.ts';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { eventually } from '../../sandbox/desk/eventually.ts';
import { paced } from '../../sandbox/desk/pace.ts';
import { installHealthy, playRelease } from '../../sandbox/desk/played-release.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import type { Result, WorkloadResult } from '../../src/result.ts';
import type { FailFast } from '../../src/verdict/policy.ts';
import { type Telling, tellings } from './bad-releases-telling.ts';
import { expectOneTruth, readLedger } from './ledger-book.ts';
import { changeCauseOf, type Inputs, type Story } from './story.ts';

/** Whose balanced rules wait for more than the strict ones. */
const alsoStrict = ['crash-at-start', 'configmap-missing', 'image-not-found'];

/** What would be certain, when nobody asks: only the deadline decides, and it still has the cause. */
const alsoOff = ['crash-at-start', 'image-not-found'];

/** The action takes no such image, but kubectl does; and what was recorded is not doubted. */
const recordedByHand: Pick<BadRelease, 'images' | 'spoil'> = {
  images: () => '',
  spoil: async ({ byHand, replicaSets, complete }) => {
    await byHand.setImage('web', 'rollkey.test/Web:1.1');
    await byHand.annotate('web', { 'kubernetes.io/change-cause': '1.1' });
    await eventually('the record of 1.1', async () =>
      (await replicaSets()).some((each) => changeCauseOf(each) === '1.1'),
    );
    await byHand.undo('web');
    await complete();
  },
};

/** Every release of the catalogue is told by its cause, and taken back. */
export const badReleaseStories: readonly Story[] = badReleases
  .map((release) => (release.name === 'image-name-invalid' ? { ...release, ...recordedByHand } : release))
  .flatMap((release) => [
    storyOf(release, 'balanced'),
    ...(alsoStrict.includes(release.name) ? [storyOf(release, 'strict')] : []),
    ...(alsoOff.includes(release.name) ? [storyOf(release, 'off')] : []),
  ]);

function storyOf(release: BadRelease, failFast: FailFast): Story {
  const { name, needsMachinery = false } = release;
  const told = tellings[name];
  if (!told) throw new Error(`nothing tells how ${name} is to be told`);
  const telling: Telling = failFast === 'off' ? { ...told, decidedBy: 'deadline' } : told;
  return {
    title: `${name}${failFast === 'balanced' ? '' : `, ${failFast}`}: rolled back, its cause named, while 1.0 serves on`,
    tell: (desk) => expectRolledBack(desk, release, telling, { 'fail-fast': failFast }),
    needsMachinery,
  };
}

async function expectRolledBack(desk: Desk, release: BadRelease, telling: Telling, inputs: Inputs): Promise<void> {
  await installHealthy(desk, release);
  const before = await desk.deployment();
  await desk.answers('1.0');
  const sampling = sampleAvailability(desk.api, desk.namespace, 'web', paced(desk, 100, 500));
  const playing = playRelease(desk, release, { ...timesOn(desk, telling), ...inputs });
  const { fewestReady, samples, answers } = await playing.then(sampling.stop, sampling.stop);
  const run = await playing;
  const { workloads } = JSON.parse(run.outputs['result'] ?? '') as Result;

  expectVerdict(run, release, telling, workloads[0]);
  expect(samples).toBeGreaterThan(0);
  if (!telling.endsLater) expect(fewestReady).toBeGreaterThanOrEqual(promisedPods);
  if (!telling.serves) expect(Object.keys(answers)).toEqual(['1.0']);
  await desk.answers('1.0');
  const { spec } = await desk.complete();
  expect(spec.strategy).toEqual(before.spec.strategy);
  const ledger = await readLedger(desk);
  expect(ledger).not.toHaveProperty('loan');
  const [one, bad] = ['1.0', '1.1'].map((name) => ledger?.entries.find((entry) => entry.release === name));
  expect(one).toMatchObject({ verifiedAt: expect.any(String) });
  expect(bad).toMatchObject({ failedAt: expect.any(String), rolledBackAt: expect.any(String) });
  expect(bad).not.toHaveProperty('verifiedAt');
  await expectOneTruth(desk);
}

/** Three, of which none may be missing. */
const promisedPods = 3;

function expectVerdict(
  { exitCode, outputs, summary, annotations, log }: ActionRun,
  { causes }: BadRelease,
  { headline, decidedBy, evidence, suspects = '' }: Telling,
  workload: WorkloadResult | undefined,
): void {
  // The log tells why, where something else came of it.
  if (outputs['outcome'] !== 'rolled-back') throw new Error(`${outputs['outcome']}: ${outputs['message']}\n${log}`);
  expect(exitCode).toBe(1);
  expect(outputs).toMatchObject({ 'rolled-back': 'true', 'rolled-back-from': '1.1', 'rolled-back-to': '1.0' });
  expect(causes).toContain(workload?.cause?.code);
  expect(outputs['reason-code']).toBe(decidedBy === 'deadline' ? 'timeout' : workload?.cause?.code);
  const [first = ''] = summary.split('\n');
  expect(first).toMatch(/^### Rolled back to `1\.0`: release `1\.1` failed on `deployment\/web`/);
  expect(first).toMatch(headline);
  expect(summary).toContain('Evidence of deployment/web');
  expect(JSON.stringify(workload?.evidence)).toMatch(evidence);
  expect(workload?.cause?.suspectNode).toBe(suspects);
  if (suspects !== '') expect(summary).toMatch(/\*\*Suspect:\*\* .*bad-node/);
  expect(workload?.rollback).toMatchObject({ to: '1.0', state: 'done' });
  expect(annotations.filter(({ level }) => level === 'error')).toHaveLength(1);
}

/** Short where only the deadline decides, and where the window is not the point. */
function timesOn(desk: Desk, { decidedBy, window = 'monitor: 2s' }: Telling): Inputs {
  return {
    'update-config': window,
    'rollback-config': paced(desk, 'monitor: 0s', 'monitor: 2s'),
    ...(decidedBy === 'deadline' && { timeout: paced(desk, '5s', '25s') }),
  };
}
