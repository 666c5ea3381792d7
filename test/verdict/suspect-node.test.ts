import { describe, expect, test } from '@jest/globals';
import { explain, judge, nothingSeen } from '../../src/verdict/judge.ts';
import { ended, failedAt, judgeAll, type MomentOf, type PodAt, policyOf, restarted, seenAt, waiting } from './story.ts';

const balanced = policyOf('balanced');
const broken = ended(1, 2);
const on = (node: string, name: string, app?: PodAt['app']): PodAt => ({ node, name, ...(app && { app }) });

/** Pods of a release on nodes `n1` and `n2`. */
function moment(at: number, ...pods: readonly PodAt[]): MomentOf {
  return { at, replicas: pods.length, pods };
}

const SUSPICION = 'all failing pods are on node n1, while the release is ready on n2: the node may be at fault';

describe('one bad node', () => {
  test.each<readonly [string, readonly PodAt[], boolean]>([
    [
      'all fail on one node, and are ready on the other',
      [on('n1', 'a', broken), on('n1', 'b', broken), on('n2', 'c')],
      true,
    ],
    ['none is ready elsewhere', [on('n1', 'a', broken), on('n2', 'b', waiting('ContainerCreating'))], false],
    ['one is ready on the very node', [on('n1', 'a', broken), on('n1', 'b'), on('n2', 'c')], false],
    ['they fail on both', [on('n1', 'a', broken), on('n2', 'b', broken), on('n2', 'c')], false],
    ['there is no other node', [on('n1', 'a', broken), on('n1', 'b')], false],
    ['the node is unknown', [on('', 'a', broken), on('n2', 'b')], false],
    ['one of the other nodes is unknown', [on('n1', 'a', broken), on('', 'b'), on('n2', 'c')], true],
    ['the other node is unknown', [on('n1', 'a', broken), on('', 'b')], false],
  ])('%s', (_, pods, suspected) => {
    const seen = seenAt(moment(0, ...pods));
    const judged = judge(nothingSeen, seen, balanced);
    expect(judged.cause === undefined).toBe(suspected);
    expect(judged.warnings.includes(SUSPICION)).toBe(suspected);
    expect(explain(nothingSeen, seen)).toMatchObject({
      code: 'container-crashed',
      suspectNode: suspected ? 'n1' : '',
    });
  });

  test('is no suspect any more when the release fails elsewhere too', () => {
    const first = moment(0, on('n1', 'a', broken), on('n2', 'b'));
    expect(failedAt(balanced, [first, moment(1, on('n1', 'a', broken), on('n2', 'b', broken))])).toBe(1);
  });

  test('fails nothing when its pods recover, or are replaced elsewhere', () => {
    const first = moment(0, on('n1', 'a', broken), on('n2', 'b'));
    expect(failedAt(balanced, [first, moment(1, on('n1', 'a', restarted(1, 3)), on('n2', 'b'))])).toBeUndefined();
    expect(failedAt(balanced, [first, moment(1, on('n2', 'c'), on('n2', 'b'))])).toBeUndefined();
  });

  test('does not count as failed pods while it is suspected', () => {
    const [first] = judgeAll(policyOf('balanced', 0.5), [moment(0, on('n1', 'a', broken), on('n2', 'b'))]);
    expect(first?.memory.failed).toEqual({});
  });

  test('does not excuse what makes no pods at all', () => {
    const pods = [on('n1', 'a', broken), on('n2', 'b')];
    const denied = (at: number): MomentOf => ({ at, replicas: 3, pods, refused: 'violates PodSecurity "baseline"' });
    expect(judgeAll(balanced, [denied(0), denied(10)])[1]?.cause?.code).toBe('admission-denied');
  });
});
