import { describe, expect, test } from '@jest/globals';
import type { ClusterClock } from '../../../../sandbox/cluster/cluster-clock.ts';
import { createEventCorrelation } from '../../../../sandbox/cluster/controllers/event-correlation.ts';

function correlation() {
  let now = 0;
  const correlate = createEventCorrelation({ now: () => now } as ClusterClock);
  const say = (message: string, { about = 'web', type = 'Warning', reason = 'FailedCreate' } = {}) =>
    correlate({ about, type, reason, message })?.message;
  return {
    say,
    wait(ms: number) {
      now += ms;
    },
  };
}

const messages = (count: number, from = 1) => Array.from({ length: count }, (_, index) => `no ${from + index}`);

describe('messages that are much alike', () => {
  test('are combined from the tenth on, each time with the newest', () => {
    const { say } = correlation();
    expect(messages(9).map((message) => say(message))).toEqual(messages(9));
    expect([say('no 10'), say('no 11')]).toEqual(
      ['no 10', 'no 11'].map((each) => `(combined from similar events): ${each}`),
    );
    expect(say('no 1', { reason: 'FailedDelete' })).toBe('no 1');
  });

  test('are told apart again after ten minutes of silence', () => {
    const { say, wait } = correlation();
    for (const message of messages(10)) say(message);
    wait(600_001);
    expect(say('no 11')).toBe('no 11');
  });
});

describe('of more than 25 about one object', () => {
  test('one passes every five minutes', () => {
    const { say, wait } = correlation();
    for (let count = 0; count < 25; count += 1) expect(say('no')).toBe('no');
    expect(say('no')).toBeUndefined();
    wait(299_000);
    expect(say('no')).toBeUndefined();
    wait(1_000);
    expect([say('no'), say('no')]).toEqual(['no', undefined]);
  });

  test('only those of the type are dropped, and none about others', () => {
    const { say } = correlation();
    for (let count = 0; count < 26; count += 1) say('no');
    expect([say('yes', { type: 'Normal' }), say('no', { about: 'other' })]).toEqual(['yes', 'no']);
  });
});
