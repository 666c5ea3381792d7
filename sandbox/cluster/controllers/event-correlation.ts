import type { ClusterClock } from '../cluster-clock.ts';

/** An event that is about to be recorded: `about` is who says it of which object, and `reason` why. */
export interface Said {
  readonly about: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

const mostAlike = 10;
const alikeWithinMs = 600_000;
const burst = 25;
const refillMs = 300_000;

/**
 * `EventCorrelator` of client-go (tools/record/events_cache.go): from the tenth message with one reason on, they are
 * combined into one event with the newest of them; and of 25 events of one type about one object, another is let through
 * every five minutes only. Gives what to record and under which key; undefined where it is dropped.
 */
export const createEventCorrelation = (clock: ClusterClock) => {
  const alike = new Map<string, { readonly messages: Set<string>; at: number }>();
  const budgets = new Map<string, { left: number; at: number }>();

  const isCombined = ({ about, type, reason, message }: Said): boolean => {
    const key = `${about}/${type}/${reason}`;
    const known = alike.get(key);
    const fresh = known !== undefined && clock.now() - known.at <= alikeWithinMs;
    const messages = fresh ? known.messages : new Set<string>();
    alike.set(key, { messages, at: clock.now() });
    messages.add(message);
    if (messages.size < mostAlike) return false;
    messages.delete(message);
    return true;
  };

  const isSpam = ({ about, type }: Said): boolean => {
    const key = `${about}/${type}`;
    const { left, at } = budgets.get(key) ?? { left: burst, at: clock.now() };
    const budget = Math.min(burst, left + (clock.now() - at) / refillMs);
    budgets.set(key, { left: budget < 1 ? budget : budget - 1, at: clock.now() });
    return budget < 1;
  };

  return (said: Said): { readonly key: string; readonly message: string } | undefined => {
    const combined = isCombined(said);
    if (isSpam(said)) return undefined;
    const { about, reason, message } = said;
    return combined
      ? { key: `${about}/${reason}`, message: `(combined from similar events): ${message}` }
      : { key: `${about}/${reason}/${message}`, message };
  };
};
