import type { Contender } from './contender.ts';
import type { Measurement } from './trial.ts';

export type ContenderName = Contender['name'];

/** A bad release with what every tool did about it; what is absent was not measured. */
export interface Row {
  readonly name: string;
  /** The time-out that the action was given, where only that ends the case. */
  readonly timeout: string | undefined;
  readonly measured: Partial<Readonly<Record<ContenderName, Measurement>>>;
}

/** What was measured with what. */
export interface Circumstances {
  readonly date: string;
  readonly command: string;
  readonly machine: string;
  readonly versions: readonly string[];
}

const names: readonly ContenderName[] = ['balanced', 'strict', 'helm', 'kubectl'];

const figures = /(<!-- figures of npm run bench -->\n)[\s\S]*?(<!-- end -->)/;

/** Puts tables of figures between the marks of a document. Throws where it has none. */
export function fillFigures(document: string, circumstances: Circumstances, rows: readonly Row[]): string {
  if (!figures.test(document)) throw new Error('the document has no place for figures');
  return document.replace(figures, (_all, begin: string, end: string) => `${begin}${show(circumstances, rows)}${end}`);
}

function show({ date, command, machine, versions }: Circumstances, rows: readonly Row[]): string {
  return [
    `Measured on ${date} by \`${command}\`, in one run, on ${machine}: ${versions.join(', ')}.`,
    '### Seconds until 1.0 serves everything again',
    times(rows, ({ restored, touched }) => (touched ? amount(restored, 'never') : 'never left')),
    '### Seconds until the verdict',
    times(rows, ({ verdict, passed }) => amount(verdict, passed ? 'none: it passes' : 'none')),
    '### Seconds until the process ends',
    times(rows, ({ ended }) => amount(ended, '')),
    '### In parts of the time that helm takes until 1.0 serves everything again',
    ratios(rows),
    '### The fewest pods that served meanwhile, of three promised, and what the Service answers afterwards',
    times(rows, ({ fewest, answer }) => `${fewest}, ${answer}`),
    '### What the tools say, and how they end',
    words(rows, ['balanced', 'strict']),
    words(rows, ['helm', 'kubectl']),
    '',
  ].join('\n\n');
}

function times(rows: readonly Row[], cell: (measured: Measurement) => string): string {
  return table(['bad release', ...names], cells(rows, names, cell), '--:');
}

function words(rows: readonly Row[], whose: readonly ContenderName[]): string {
  const cell = ({ outcome, headline }: Measurement) => `${outcome}<br>${headline}`;
  return table(['bad release', ...whose], cells(rows, whose, cell), '---');
}

function cells(rows: readonly Row[], whose: readonly ContenderName[], cell: (measured: Measurement) => string) {
  const of = (measured: Measurement | undefined) => (measured ? cell(measured) : 'not measured');
  return rows.map((row) => [title(row), ...whose.map((name) => of(row.measured[name]))]);
}

function ratios(rows: readonly Row[]): string {
  const ratio = ({ measured: { helm, ...others } }: Row, name: 'balanced' | 'strict') => {
    const [a, b] = [others[name]?.restored, helm?.restored];
    return a === undefined || b === undefined ? '–' : (a / b).toFixed(3);
  };
  const body = rows.map((row) => [title(row), ratio(row, 'balanced'), ratio(row, 'strict')]);
  return table(['bad release', 'balanced', 'strict'], body, '--:');
}

function title({ name, timeout }: Row): string {
  return `${name.replaceAll('-', ' ')}${timeout === undefined ? '' : ` (timeout: ${timeout})`}`;
}

function amount(seconds: number | undefined, otherwise: string): string {
  return seconds === undefined ? otherwise : seconds.toFixed(1);
}

/** The first column stands left, the others as their rule says. */
function table(head: readonly string[], rows: readonly (readonly string[])[], rule: string): string {
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [row(head), row(head.map((_, column) => (column === 0 ? '---' : rule))), ...rows.map(row)].join('\n');
}

function cell(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replaceAll('|', '\\|');
}
