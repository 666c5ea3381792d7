import { describe, expect, test } from '@jest/globals';
import { type Lack, lackingRoom } from '../../src/rollout/surge-room.ts';
import { quotaOf, templateWith } from './neighbour.ts';

const SMALL = templateWith({ requests: { cpu: '250m', memory: '64Mi' }, limits: { memory: '128Mi' } });
const FREE = templateWith({});
const clause = (needs: string): readonly Lack[] => [{ quota: 'ResourceQuota shop/team', needs }];

describe('room for pods beside the ones that are there', () => {
  test.each<readonly [string, Record<string, string>, Record<string, string>, number, readonly Lack[]]>([
    ['as many as are left', { pods: '6' }, { pods: '4' }, 2, []],
    ['one too many', { pods: '5' }, { pods: '4' }, 2, clause('2 more pods (1 of 5 left)')],
    ['none left', { pods: '4' }, { pods: '4' }, 1, clause('1 more pod (0 of 4 left)')],
    ['over it already', { pods: '4' }, { pods: '6' }, 1, clause('1 more pod (0 of 4 left)')],
    ['none needed, over it already', { pods: '4' }, { pods: '6' }, 0, []],
    ['counted as objects', { 'count/pods': '4' }, { 'count/pods': '4' }, 1, clause('1 more pod (0 of 4 left)')],
    ['cpu', { cpu: '1' }, { cpu: '600m' }, 2, clause('500m more cpu (400m of 1 left)')],
    ['requests.cpu', { 'requests.cpu': '2' }, { 'requests.cpu': '1500m' }, 2, []],
    [
      'requests.memory, limits.memory',
      { 'requests.memory': '100Mi', 'limits.memory': '300Mi' },
      { 'requests.memory': '64Mi', 'limits.memory': '256Mi' },
      1,
      clause('64Mi more requests.memory (36Mi of 100Mi left), 128Mi more limits.memory (44Mi of 300Mi left)'),
    ],
    ['what it does not ask for', { 'limits.cpu': '0', 'requests.nvidia.com/gpu': '0' }, {}, 3, []],
    ['what is no matter of pods', { services: '1', 'count/deployments.apps': '1' }, { services: '1' }, 3, []],
    ['what cannot be read', { pods: 'some' }, {}, 3, []],
  ])('%s', (_, hard, used, pods, lacks) => {
    expect(lackingRoom([quotaOf(hard, used)], [{ template: SMALL, pods }])).toEqual(lacks);
  });

  test('several workloads share it', () => {
    const surges = [
      { template: SMALL, pods: 1 },
      { template: FREE, pods: 1 },
    ];
    expect(lackingRoom([quotaOf({ pods: '5', cpu: '1' }, { pods: '4' })], surges)).toEqual(
      clause('2 more pods (1 of 5 left)'),
    );
  });

  test('every quota counts, as the controller took it over', () => {
    const fresh = { ...quotaOf({ pods: '1' }), status: undefined };
    const { status: _none, ...unread } = fresh;
    const lowered = { ...quotaOf({ pods: '9' }, { pods: '9' }), spec: { hard: { pods: '99' } } };
    expect(lackingRoom([unread, lowered], [{ template: FREE, pods: 2 }])).toEqual([
      ...clause('2 more pods (1 of 1 left)'),
      ...clause('2 more pods (0 of 9 left)'),
    ]);
  });
});

describe('what a pod takes', () => {
  const room = (hard: Record<string, string>, template: ReturnType<typeof templateWith>) =>
    lackingRoom([quotaOf(hard)], [{ template, pods: 1 }])
      .map(({ needs }) => needs)
      .join();

  test.each<readonly [string, object, object, string]>([
    ['a limit alone is the request', { limits: { cpu: '2' } }, {}, '2'],
    ['a request goes before its limit', { requests: { cpu: 1 }, limits: { cpu: 2 } }, {}, '1'],
    [
      'containers add up',
      { requests: { cpu: '1' } },
      {
        containers: [
          { name: 'a', resources: { requests: { cpu: '1' } } },
          { name: 'b', resources: { requests: { cpu: '500m' } } },
        ],
      },
      '1500m',
    ],
    [
      'the hungriest init container, where it takes more',
      { requests: { cpu: '1' } },
      { initContainers: [{ resources: { requests: { cpu: '3' } } }, { resources: { requests: { cpu: '2' } } }] },
      '3',
    ],
    [
      'sidecars run beside everything that starts after them',
      { requests: { cpu: '1' } },
      {
        initContainers: [
          { resources: { requests: { cpu: '3' } } },
          { restartPolicy: 'Always', resources: { requests: { cpu: '1' } } },
          { resources: { requests: { cpu: '2500m' } } },
        ],
      },
      '3500m',
    ],
    ['overhead', { requests: { cpu: '1' } }, { overhead: { cpu: '250m' } }, '1250m'],
    ['of the whole pod', { requests: { cpu: '1' } }, { resources: { requests: { cpu: '4' } } }, '4'],
  ])('%s', (_, resources, spec, needed) => {
    expect(room({ 'requests.cpu': '0' }, templateWith(resources, spec))).toContain(
      `${needed} more requests.cpu (0 of 0 left)`,
    );
  });

  test('overhead is no limit where there is none', () => {
    expect(room({ 'limits.cpu': '0' }, templateWith({}, { overhead: { cpu: '1' } }))).toBe('');
  });
});

describe('a quota with a scope', () => {
  const [effort, best] = [SMALL, FREE];
  const urgent = templateWith({}, { priorityClassName: 'urgent' });
  const priority = (operator: string, values?: readonly string[]) => ({
    scopeSelector: {
      matchExpressions: [{ scopeName: 'PriorityClass', operator: operator as 'In', ...(values && { values }) }],
    },
  });
  test.each([
    [{ scopes: ['Terminating'] }, best, false],
    [{ scopes: ['NotTerminating'] }, best, true],
    [{ scopes: ['BestEffort'] }, best, true],
    [{ scopes: ['BestEffort'] }, effort, false],
    [{ scopes: ['NotBestEffort'] }, best, false],
    [{ scopes: ['NotBestEffort', 'NotTerminating'] }, effort, true],
    [{ scopes: ['CrossNamespacePodAffinity'] }, best, false],
    [priority('In', ['urgent']), urgent, true],
    [priority('In', ['urgent']), best, false],
    [priority('NotIn', ['urgent']), urgent, false],
    [priority('NotIn', ['urgent']), best, true],
    [priority('Exists'), urgent, true],
    [priority('Exists'), best, false],
    [priority('DoesNotExist'), best, true],
    [{ scopes: ['PriorityClass'] }, urgent, true],
  ])('%j counts %j: %s', (spec, template, counts) => {
    expect(lackingRoom([quotaOf({ pods: '0' }, {}, spec)], [{ template, pods: 1 }])).toHaveLength(counts ? 1 : 0);
  });
});
