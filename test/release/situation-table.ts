import type { Situation } from '../../src/release/mode.ts';

/** The rows of a text table: one a line, cells between bars; `-` is an empty cell. */
export function readTable(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => line.split('|').map((cell) => cell.trim().replace(/^-$/, '')));
}

/** A situation from its cells: wanted, live, live state, last good, known (newest first, spaces between). */
export function readSituation(cells: readonly string[], requested: string = 'auto'): Situation {
  const [wanted = '', live, liveState, lastGood, known = ''] = cells;
  return {
    requested: requested as Situation['requested'],
    wanted,
    live: live || undefined,
    liveState: liveState as Situation['liveState'],
    lastGood: lastGood || undefined,
    known: known.split(' ').filter((release) => release !== ''),
  };
}
