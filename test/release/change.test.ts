import { describe, expect, test } from '@jest/globals';
import { type Change, changeFor } from '../../src/release/change.ts';
import { parseImages } from '../../src/release/images.ts';
import { emptyLedger, type Ledger } from '../../src/release/ledger.ts';
import type { Mode } from '../../src/release/mode.ts';
import { recordEnding, recordLeft } from '../../src/release/record.ts';
import { workloadState } from '../../src/release/workload-state.ts';
import { RELEASE_STAMP, RESTARTED_AT } from '../../src/rollout/marks.ts';
import type { Deployment } from '../../src/rollout/objects.ts';
import { type Made, podTemplate, workloadOf } from './workload.ts';

const V10: Made = { image: 'web:1.0', stamp: '1.0', cause: '1.0' };
const V11: Made = { image: 'web:1.1', stamp: '1.1', cause: '1.1' };
const CRASH: Made = { ...V11, image: 'web:crash' };
const AT = '2026-11-21T12:00:00.000Z';
const none = emptyLedger();
const BOTH = recorded(recorded(none, '1.0', V10, 1), '1.1', V11, 2);

function recorded(
  ledger: Ledger,
  release: string,
  made: Made,
  number: number,
  verdict: 'verified' | 'failed' = 'verified',
): Ledger {
  const replicaSet = { name: `web-${number}`, uid: `uid-${number}` };
  const at = `2026-11-21T10:0${number}:00.000Z`;
  const template = podTemplate(made);
  return recordEnding(ledger, { release, verdict, template, at, replicaSet, imageIDs: {} });
}

interface Case {
  readonly mode: Mode;
  readonly release: string;
  readonly images?: string;
  readonly history: readonly Made[];
  readonly ledger?: Ledger;
  readonly spec?: Partial<Deployment['spec']>;
  readonly redefine?: boolean;
}

function change({ mode, release, images = '', history, ledger = none, spec = {}, redefine = false }: Case): Change {
  const { deployment, replicaSets } = workloadOf(history, spec);
  const state = workloadState('deployment/web', deployment, replicaSets, ledger);
  return changeFor(state, { mode, release, images: parseImages(images).lines, redefine, at: AT });
}

function inWords(case_: Case): string {
  const done = change(case_);
  switch (done.kind) {
    case 'write':
      return `write ${done.template.spec.containers[0]?.image} from ${done.source}${done.resume ? ', resume' : ''}`;
    case 'keep':
      return done.watch ? 'keep and watch' : 'keep';
    default:
      return done.reasonCode;
  }
}

describe('deploy', () => {
  const deploy = { mode: 'deploy', release: '1.2', history: [V10, V11] } as const;

  test.each<readonly [string, Case, string]>([
    ['new images', { ...deploy, images: 'app=web:1.2' }, 'write web:1.2 from images'],
    ['the images that are live', { ...deploy, images: 'app=web:1.1' }, 'keep'],
    ['no images, a known release', { ...deploy, release: '1.0' }, 'write web:1.0 from replica-set'],
    ['no images, the live release', { ...deploy, release: '1.1' }, 'keep'],
    ['no images, an unknown release', deploy, 'release-unknown'],
    [
      'no images, a release that means two things',
      { ...deploy, release: '1.1', history: [V10, V11, CRASH] },
      'release-ambiguous',
    ],
    ['a container that is not there', { ...deploy, images: 'sidcar=envoy:1' }, 'invalid-input'],
    ['a paused Deployment', { ...deploy, images: 'app=web:1.2', spec: { paused: true } }, 'preflight-refused'],
  ])('%s', (_, case_, words) => {
    expect(inWords(case_)).toBe(words);
  });

  test('the stamp comes with new bits, and only then', () => {
    expect(change({ ...deploy, images: 'app=web:1.2' })).toMatchObject({
      template: { metadata: { annotations: { [RELEASE_STAMP]: '1.2' } } },
    });
    expect(change({ ...deploy, release: '1.0' })).toMatchObject({
      template: { metadata: { annotations: { [RELEASE_STAMP]: '1.0' } } },
    });
  });

  const anew = { ...deploy, release: '1.0', images: 'app=web:9' };

  test.each([
    ['recorded', BOTH],
    ['known by its stamp', none],
  ])('new images under a name that is %s are refused', (_, ledger) => {
    expect(change({ ...anew, ledger })).toMatchObject({
      kind: 'refused',
      reasonCode: 'mode-refused',
      message:
        'release 1.0 is known here with app=web:1.0, but images say otherwise; ' +
        'give the new images a release name of their own, or set mode to deploy to replace its record',
    });
  });

  test('when a deploy was demanded, they replace what it meant, and that is said', () => {
    expect(change({ ...anew, ledger: BOTH, redefine: true })).toMatchObject({
      kind: 'write',
      source: 'images',
      warnings: ['1.0 is known with app=web:1.0; with mode deploy it comes to mean app=web:9'],
    });
  });

  test('the images that a release is known with bring all of its template back', () => {
    const made = { ...V10, env: 'then' };
    const wanted = { ...deploy, release: '1.0', images: 'app=web:1.0', history: [made, V11] };
    expect(inWords(wanted)).toBe('write web:1.0 from replica-set');
    expect(JSON.stringify(change(wanted))).toContain('"value":"then"');
  });

  test('a name that stands for several things: refused, unless a deploy was demanded', () => {
    const several = { ...deploy, release: '1.1', images: 'app=web:9', history: [V10, V11, CRASH] };
    expect(inWords(several)).toBe('release-ambiguous');
    expect(inWords({ ...several, redefine: true })).toBe('write web:9 from images');
  });

  test('a rollout that has not ended is watched', () => {
    const { deployment, replicaSets } = workloadOf([V10, V11]);
    const behind = { ...deployment, status: { ...deployment.status, updatedReplicas: 1 } };
    const state = workloadState('deployment/web', behind, replicaSets, none);
    const wanted = {
      mode: 'deploy',
      release: '1.1',
      images: parseImages('app=web:1.1').lines,
      redefine: false,
      at: AT,
    } as const;
    expect(changeFor(state, wanted)).toMatchObject({ kind: 'keep', watch: true });
  });
});

describe('rollback', () => {
  const back = { mode: 'rollback', release: '1.0', history: [V10, V11], ledger: BOTH } as const;

  test.each<readonly [string, Case, string]>([
    ['to a release that is here', back, 'write web:1.0 from replica-set'],
    [
      'to a release beyond the history limit',
      { ...back, history: [{ ...V11, number: 2 }] },
      'write web:1.0 from ledger-snapshot',
    ],
    ['to what is live', { ...back, release: '1.1' }, 'keep'],
    ['of a paused Deployment', { ...back, spec: { paused: true } }, 'write web:1.0 from replica-set, resume'],
    [
      'to what is live, but paused',
      { ...back, release: '1.1', spec: { paused: true } },
      'write web:1.1 from replica-set, resume',
    ],
    ['after the accident', { ...back, release: '1.1', history: [V10, V11, CRASH] }, 'write web:1.1 from replica-set'],
    [
      'to a release with the bits of the live one',
      { ...back, release: '1.1-b', ledger: recorded(BOTH, '1.1-b', V11, 3) },
      'keep',
    ],
    ['to nothing known', { ...back, release: '0.9' }, 'release-unknown'],
  ])('%s', (_, case_, words) => {
    expect(inWords(case_)).toBe(words);
  });

  test('brings back what was recorded; images that say otherwise are ignored, and that is said', () => {
    expect(change({ ...back, images: 'app=web:9' })).toMatchObject({
      template: { spec: { containers: [{ image: 'web:1.0' }] } },
      warnings: ['the input images is ignored: a rollback restores what was recorded (app=web:1.0)'],
    });
    expect(change({ ...back, images: 'app=web:1.0' })).toMatchObject({ warnings: [] });
    expect(change({ ...back, images: 'sidcar=web:9' })).toMatchObject({ kind: 'write' });
  });
});

describe('a rollback to what was no good', () => {
  const left = recordLeft(BOTH, '1.0', '2026-11-21T11:00:00.000Z');
  const failed = recorded(BOTH, '1.0', V10, 1, 'failed');

  test.each([
    ['good', BOTH, []],
    ['failed', failed, ['1.0 failed here before']],
    ['left', left, ['1.0 was left for an earlier release before']],
    ['unrecorded', none, []],
  ])('%s', (_, ledger, warnings) => {
    const back = { mode: 'rollback', release: '1.0', history: [V10, V11] } as const;
    expect(change({ ...back, ledger })).toMatchObject({ kind: 'write', warnings });
    expect(change({ ...back, ledger, mode: 'deploy' })).toMatchObject({ kind: 'write', warnings: [] });
  });
});

describe('redeploy', () => {
  const again = { mode: 'redeploy', release: '1.1', history: [V10, V11], ledger: BOTH } as const;

  test('restarts the pods on the same bits', () => {
    expect(change(again)).toMatchObject({
      kind: 'write',
      source: 'live',
      template: {
        metadata: { annotations: { [RELEASE_STAMP]: '1.1', [RESTARTED_AT]: AT } },
        spec: { containers: [{ image: 'web:1.1' }] },
      },
    });
    expect(inWords({ ...again, images: 'app=web:1.1' })).toBe('write web:1.1 from live');
  });

  test.each([
    ['other images', 'app=web:9', 'mode-refused'],
    ['a container that is not there', 'sidcar=web:1.1', 'invalid-input'],
  ])('%s', (_, images, reason) => {
    expect(inWords({ ...again, images })).toBe(reason);
  });
});

test.each(['deploy', 'redeploy', 'rollback'] as const)('%s: not of a Deployment that is being deleted', (mode) => {
  const { deployment, replicaSets } = workloadOf([V10]);
  const metadata = { ...deployment.metadata, deletionTimestamp: AT };
  const state = workloadState('deployment/web', { ...deployment, metadata }, replicaSets, none);
  expect(changeFor(state, { mode, release: '1.0', images: [], redefine: false, at: AT })).toMatchObject({
    reasonCode: 'preflight-refused',
    message: 'is being deleted; wait until it is gone, and create it again',
  });
});

describe('refusals say what to do', () => {
  test.each<readonly [string, Case, string]>([
    [
      'unknown',
      { mode: 'rollback', release: '0.9', history: [V10, V11] },
      'release 0.9 is not known here (known: 1.1, 1.0); pass images to deploy it, or raise revisionHistoryLimit',
    ],
    [
      'ambiguous',
      { mode: 'rollback', release: '1.1', history: [V10, V11, CRASH] },
      'release 1.1 stands for several different templates here and none is recorded: ' +
        'revision 3 (app=web:crash, created 2026-11-21T10:03:00Z, live); ' +
        'revision 2 (app=web:1.1, created 2026-11-21T10:02:00Z); deploy the right images under a new release name',
    ],
    [
      'paused',
      { mode: 'deploy', release: '1.2', images: 'web:1.2', history: [V10], spec: { paused: true } },
      'is paused; resume it (kubectl rollout resume), or roll back by name',
    ],
    [
      'other images on a redeploy',
      { mode: 'redeploy', release: '1.1', images: 'web:9', history: [V10, V11] },
      'release 1.1 is live with app=web:1.1, but images say otherwise; give the new images a release name of their own, ' +
        'or set mode to deploy to replace its record',
    ],
  ])('%s', (_, case_, message) => {
    expect(change(case_)).toMatchObject({ kind: 'refused', message });
  });
});
