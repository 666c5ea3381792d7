import { expect, test } from '@jest/globals';
import { eventLines } from '../../src/rollout/event-lines.ts';
import type { ClusterEvent } from '../../src/rollout/objects.ts';

function event(at: number, rest: Partial<ClusterEvent> = {}): ClusterEvent {
  return {
    metadata: { name: `e${at}`, namespace: 'shop', uid: `e${at}`, resourceVersion: '1' },
    involvedObject: { kind: 'Pod', name: 'web-x' },
    type: 'Warning',
    reason: 'BackOff',
    message: 'Back-off restarting failed container',
    lastTimestamp: new Date(at * 1000).toISOString(),
    ...rest,
  };
}

test('alike events are one line with their sum, where the last of them stands', () => {
  const events = [
    event(1, { count: 3 }),
    event(2, { reason: 'Unhealthy', message: 'probe failed: 500\n' }),
    event(3),
    event(0, {
      type: 'Normal',
      reason: 'Scheduled',
      message: 'assigned',
      involvedObject: { kind: 'Pod', name: 'web-y' },
    }),
  ];
  expect(eventLines(events, 25)).toEqual([
    'Warning Unhealthy pod/web-x: probe failed: 500',
    '4 times Warning BackOff pod/web-x: Back-off restarting failed container',
    'Normal Scheduled pod/web-y: assigned',
  ]);
});

test('of too many, the newest warnings stay before anything else', () => {
  const normal = (at: number) => event(at, { type: 'Normal', message: `normal ${at}` });
  const warning = (at: number) => event(at, { message: `warning ${at}` });
  const events = [warning(1), normal(2), warning(3), normal(4), normal(5), warning(6)];
  const shown = (most: number) => eventLines(events, most).map((line) => line.replace(/^.*: /, ''));
  expect(shown(2)).toEqual(['warning 3', 'warning 6']);
  expect(shown(4)).toEqual(['warning 1', 'warning 3', 'warning 6', 'normal 5']);
});

test('warnings come first, however old: what was before the release says less', () => {
  const events = [event(1, { type: 'Normal', message: 'normal' }), event(2, { message: 'warning' })];
  expect(eventLines(events, 25).map((line) => line.replace(/^.*: /, ''))).toEqual(['warning', 'normal']);
});

test('events of the new API have other times and counts', () => {
  const { lastTimestamp: _, ...fresh } = event(0);
  const born = (at: number) => ({ ...fresh.metadata, creationTimestamp: new Date(at * 1000).toISOString() });
  const at = (seconds: number) => new Date(seconds * 1000).toISOString();
  const events: ClusterEvent[] = [
    {
      ...fresh,
      message: 'series',
      lastTimestamp: null,
      eventTime: at(1),
      series: { count: 7, lastObservedTime: at(9) },
    },
    { ...fresh, message: 'once', eventTime: at(5) },
    { ...fresh, message: 'born', eventTime: null, metadata: born(3) },
    { ...fresh, message: 'timeless' },
  ];
  expect(eventLines(events, 25)).toEqual([
    'Warning BackOff pod/web-x: timeless',
    'Warning BackOff pod/web-x: born',
    'Warning BackOff pod/web-x: once',
    '7 times Warning BackOff pod/web-x: series',
  ]);
});
