import { expect, test } from '@jest/globals';
import { formatMoment } from '../../src/report/moment.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

test.each([
  ['2026-11-21T11:59:18.123Z', '11-21 11:59 UTC (42s ago)'],
  ['2026-11-21T10:00:00+01:00', '11-21 09:00 UTC (3h ago)'],
  ['2026-11-21T12:00:30Z', '11-21 12:00 UTC (0s ago)'],
  ['2025-12-31T23:59:00Z', '2025-12-31 23:59 UTC (324d ago)'],
  ['', ''],
  ['yesterday', 'yesterday'],
  ['<b>now</b>', '&lt;b&gt;now&lt;/b&gt;'],
])('%j is %j', (at, moment) => {
  expect(formatMoment(at, NOW)).toBe(moment);
});

test('what a parser of dates passes over is not shown', () => {
  expect(formatMoment('1 (<img src=x>)', NOW)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC \(\d+d ago\)$/);
  expect(formatMoment('1 (<img src=x>)', NOW)).not.toContain('img');
});
