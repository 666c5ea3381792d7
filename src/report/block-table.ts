import type { BlockRecord } from '../gate/record.ts';
import { code, table } from './markdown.ts';
import { formatMoment } from './moment.ts';
import { runLink } from './run-link.ts';

const HEADER = ['Block', 'Proved bad in', 'By a run of', 'When', 'Run'];

/** Who blocked a release, when and where; `now` in milliseconds since the epoch. */
export function blockTable(id: number, { environment, actor, at, runUrl }: BlockRecord, now: number): string {
  return table(HEADER, [[code(String(id)), code(environment), code(actor), formatMoment(at, now), runLink(runUrl)]]);
}
