import { expect } from '@jest/globals';
import { paced } from '../../sandbox/desk/pace.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import {
  breakByHand,
  completeSet,
  deletePod,
  imageOfSet,
  installSet,
  ledgerOfSet,
  podsOfSet,
  rollSet,
} from './kinds-desk.ts';
import { type Story, well } from './story.ts';

const SET = 'statefulset';
const HELD_UP = /held up by pod db-2 .*kubectl delete pod db-2 -n .*forced-rollback: true/;
const back = (release: string, inputs = {}) => ({ release, mode: 'rollback', ...inputs });

export const kindsHeldUp: readonly Story[] = [
  {
    title: 'statefulset: the way back is held up by the broken pod, which is named; once it is deleted, all is well',
    tell: async (desk) => {
      await installSet(desk, SET, webImage('1.0'));
      const images = `web=${webImage('1.1', 'crash')}`;
      const bad = await rollSet(desk, SET, { release: '1.1', images, 'fail-fast': 'strict' });
      expect([bad.exitCode, bad.outputs['outcome'], bad.outputs['reason-code']]).toEqual([
        1,
        'rollback-failed',
        'container-crashed',
      ]);
      expect(bad.outputs['message']).toMatch(HELD_UP);
      expect(bad.summary).toContain('  forced-rollback: "true"');
      expect(await imageOfSet(desk, SET)).toBe(webImage('1.0'));

      await deletePod(desk, 'db-2');
      const again = await well(rollSet(desk, SET, back('1.0')));
      // Its new pod may be there before the action looks.
      expect(['succeeded', 'unchanged']).toContain(again.outputs['outcome']);
      await completeSet(desk, SET);
      await desk.answers('1.0', 'db');
    },
  },
  {
    title: 'statefulset: a pod that runs and never gets ready holds the way back up as well, since its release failed',
    tell: async (desk) => {
      await installSet(desk, SET, webImage('1.0'));
      const images = `web=${webImage('1.1', 'unready')}`;
      // A kubelet that has much to do replaces the pod late.
      const seconds = paced(desk, 8, 25);
      const bad = await rollSet(desk, SET, { release: '1.1', images, timeout: `${seconds}s` });
      expect([bad.exitCode, bad.outputs['outcome'], bad.outputs['reason-code']]).toEqual([
        1,
        'rollback-failed',
        'timeout',
      ]);
      expect(bad.outputs['message']).toMatch(HELD_UP);
      const result = JSON.parse(bad.outputs['result'] ?? '');
      expect(result.workloads[0].rollback.seconds).toBeLessThan(seconds);

      const forced = await well(rollSet(desk, SET, back('1.0', { 'forced-rollback': 'true' })));
      expect(forced.log).toMatch(/deleting pod db-2 of another release, which is not ready and in the way/);
      expect(forced.outputs).toMatchObject({ outcome: 'succeeded', release: '1.0' });
      await desk.answers('1.0', 'db');
    },
  },
  {
    title:
      'statefulset broken by hand: a rollback by name says what holds it up, and with forced-rollback takes it away',
    tell: async (desk) => {
      await installSet(desk, SET, webImage('1.0'));
      await well(rollSet(desk, SET, { release: '1.1', images: `web=${webImage('1.1')}` }));
      await breakByHand(desk, SET, webImage('1.2', 'crash'));
      const held = await rollSet(desk, SET, back('1.0'));
      expect([held.exitCode, held.outputs['outcome'], held.outputs['reason-code']]).toEqual([1, 'failed', 'held-up']);
      expect(held.outputs['message']).toMatch(HELD_UP);

      const { outputs } = await well(rollSet(desk, SET, back('1.0', { 'forced-rollback': 'true' })));
      expect(outputs).toMatchObject({ outcome: 'succeeded', release: '1.0' });
      await completeSet(desk, SET);
      await desk.answers('1.0', 'db');
    },
  },
  {
    title:
      'statefulset broken by hand: a release that is held up is not to blame, and is neither taken back nor failed',
    tell: async (desk) => {
      await installSet(desk, SET, webImage('1.0'));
      await breakByHand(desk, SET, webImage('1.1', 'crash'));
      const { exitCode, outputs } = await rollSet(desk, SET, { release: '1.2', images: `web=${webImage('1.2')}` });
      expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'failed', 'held-up']);
      expect(outputs['rolled-back']).toBe('false');
      expect(await imageOfSet(desk, SET)).toBe(webImage('1.2'));
      const entry = (await ledgerOfSet(desk, SET))?.entries.find(({ release }) => release === '1.2');
      expect(entry).toBeDefined();
      expect(entry).not.toHaveProperty('failedAt');

      await deletePod(desk, 'db-2');
      await well(rollSet(desk, SET, { release: '1.2', images: `web=${webImage('1.2')}` }));
      await desk.answers('1.2', 'db');
    },
  },
  {
    title:
      'daemonset: a node that does not answer says nothing about the release, which is neither taken back nor failed; ' +
      'once it is back, the rollout goes on',
    needsMachinery: true,
    tell: async (desk) => {
      const [kind, node] = ['daemonset', 'lost-node'] as const;
      const { machinery } = desk.cluster;
      await machinery?.addNode(node);
      const tolerations = [{ key: 'rollkey.test/node', operator: 'Equal', value: node, effect: 'NoSchedule' }];
      await installSet(desk, kind, webImage('1.0'), {}, { tolerations });
      const startAgain = await machinery?.stopNode(node);
      try {
        const inputs = { release: '1.1', images: `web=${webImage('1.1')}`, timeout: paced(desk, '8s', '25s') };
        const { exitCode, outputs, summary } = await rollSet(desk, kind, inputs);
        expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'timed-out', 'timeout']);
        expect(outputs).toMatchObject({ 'rolled-back': 'false', 'blocked-release': '', release: '1.1' });
        expect(outputs['message']).toMatch(
          /: 1\.1 is not complete after \d+ s: 0 of 1 pods available, .*; node lost-node does not answer: pod agent-\w+ (is to leave it|should have left it \d+ s ago); once it is back, /,
        );
        expect(summary).toContain('node lost-node does not answer');
        const entry = (await ledgerOfSet(desk, kind))?.entries.find(({ release }) => release === '1.1');
        expect(entry).toBeDefined();
        expect(entry).not.toHaveProperty('failedAt');
        // The one that should have left uses up what may be unavailable at once.
        const running = (await podsOfSet(desk, kind)).map(({ spec }) => spec?.containers?.[0]?.image);
        expect(running).toEqual([webImage('1.0')]);
      } finally {
        await startAgain?.();
      }
      await completeSet(desk, kind);
      expect(await podsOfSet(desk, kind)).toHaveLength(2);
      const again = await well(rollSet(desk, kind, { release: '1.1', images: `web=${webImage('1.1')}` }));
      expect(['succeeded', 'unchanged']).toContain(again.outputs['outcome']);
      await desk.answers('1.1', 'agent');
    },
  },
];
