export interface ActAnnotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

/** What became of a job. */
export interface ActJob {
  /** Its id; in a called workflow after that of the calling job: `promote/gate`. */
  readonly path: string;
  readonly result: 'success' | 'failure';
  /** What its steps printed. */
  readonly log: string;
  /** Markdown of all its steps. */
  readonly summary: string;
  /** By step's id and name: `gate.allowed`. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly annotations: readonly ActAnnotation[];
}

/** A line of `act --json`. */
interface Entry {
  readonly job?: string;
  readonly jobResult?: ActJob['result'];
  readonly stepID?: readonly string[];
  readonly msg?: string;
  readonly raw_output?: boolean;
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly content?: string;
  readonly kvPairs?: Readonly<Record<string, string>> | null;
}

/** Reads the log of `act --json`: the jobs that ran, in the order in which they began; a skipped one is not there. */
export function readActLog(text: string): readonly ActJob[] {
  const entries = text.split('\n').flatMap(entryOf);
  const paths = [...new Set(entries.filter(isOfAStep).map(pathOf))];
  return paths.map((path) =>
    jobOf(
      path,
      entries.filter((entry) => pathOf(entry) === path),
    ),
  );
}

function jobOf(path: string, entries: readonly Entry[]): ActJob {
  const commands = (name: string) => entries.filter(({ command }) => command === name);
  const set = commands('set-output').map(({ stepID = [], name, arg }) => [`${stepID.join('.')}.${name}`, arg ?? '']);
  return {
    path,
    result: entries.find(({ jobResult }) => jobResult)?.jobResult ?? 'failure',
    log: entries.map(({ raw_output, msg }) => (raw_output ? msg : '')).join(''),
    summary: commands('summary')
      .map(({ content }) => content)
      .join('\n'),
    outputs: Object.fromEntries(set),
    annotations: (['error', 'warning', 'notice'] as const).flatMap((level) =>
      commands(level).map(({ kvPairs, arg = '' }) => ({ level, title: kvPairs?.['title'] ?? '', message: arg })),
    ),
  };
}

/** A called workflow's own entries are of no step. */
function isOfAStep(entry: Entry): boolean {
  return entry.stepID !== undefined || entry.jobResult !== undefined;
}

/** act says `workflow/job`, and `job/workflow/job` of a called one; names are filled with blanks to stand below each other. */
function pathOf({ job = '' }: Entry): string {
  const parts = job.split('/').map((part) => part.trim());
  return parts.length < 3 ? (parts.at(-1) ?? '') : [parts[0], parts.at(-1)].join('/');
}

function entryOf(line: string): readonly Entry[] {
  if (!line.startsWith('{')) return [];
  return [JSON.parse(line) as Entry];
}
