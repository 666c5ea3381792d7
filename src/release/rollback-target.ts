import type { Situation } from './mode.ts';
import { type Refusal, refuse } from './refusal.ts';
import { listReleases, showRelease } from './release-text.ts';

export interface FoundTarget {
  readonly kind: 'found';
  readonly release: string;
}

export type RollbackTarget = FoundTarget | Refusal;

/** What may be returned to: `verified` here at least once, and not `blocked`. */
export interface Standing {
  readonly verified: (release: string) => boolean;
  readonly blocked: (release: string) => boolean;
}

/**
 * The release that `mode: rollback` without a name means: the newest one before the live one that was verified and is
 * not blocked. Live and complete, it only ever moves further back, so a second rollback does not return to what the
 * first one left. Unfinished, failed or unnamed, the last good release comes first.
 */
export function rollbackTarget(
  situation: Pick<Situation, 'live' | 'liveState' | 'lastGood' | 'known' | 'spoilt'>,
  standing: Standing,
): RollbackTarget {
  const { live, lastGood, known } = situation;
  const earlier = live ? known.slice(known.indexOf(live) + 1) : known;
  const preferred = isSettled(situation) ? [] : known.filter((release) => release === lastGood && release !== live);
  const release = [...preferred, ...earlier].find((name) => standing.verified(name) && !standing.blocked(name));
  return release === undefined
    ? refuse('release-unknown', nowhereToGo(situation, earlier, standing))
    : { kind: 'found', release };
}

function isSettled({ live, liveState, known }: Pick<Situation, 'live' | 'liveState' | 'known'>): boolean {
  return liveState === 'complete' && live !== undefined && known.includes(live);
}

function nowhereToGo(
  situation: Pick<Situation, 'live' | 'liveState' | 'known' | 'spoilt'>,
  earlier: readonly string[],
  standing: Standing,
): string {
  const { live, known, spoilt } = situation;
  const place = live ? `before the live ${showRelease(live)}` : 'here';
  const none = isSettled(situation)
    ? `${showRelease(live ?? '')} is live and complete, and no release before it is known to be good`
    : `no release ${place} is known to be good`;
  const blocked = earlier.filter(standing.blocked);
  const barred = blocked.length > 0 ? ` (blocked: ${listReleases(blocked)})` : '';
  const others = known.filter((release) => release !== live && !standing.blocked(release));
  const advice =
    others.length > 0 ? `name the one to return to (known: ${listReleases(others, spoilt)})` : 'no other is known';
  return `${none}${barred}; ${advice}`;
}
