import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type FakeGitHub, openFakeGitHub } from '../github/fake-github.ts';
import { runAction } from '../runner/run-action.ts';
import { askWithAction } from './action-tool.ts';
import { crowdedCases, everydayCases, type GateCase } from './gate-stores.ts';
import { secondsOf, start } from './process.ts';
import { compare, median } from './statistics.ts';
import { formatTable } from './table.ts';

type Inputs = Readonly<Record<string, string>>;

const question: Inputs = { release: '1.1', environment: 'production' };
const bare = { file: process.execPath, argv: ['-e', '0'], env: {} };

/** Prints what the built gate/ costs: its start, its requests, its files, and a log of ten thousand records. */
export async function measureGate(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'rollkey-bench-gate-'));
  try {
    console.log(`The built gate/ against a GitHub on this machine, Node.js ${process.version}.`);
    await printStart(home, 15);
    await printFiles(home);
    await printCases('The gate asked, by what is there', everydayCases, 5);
    await printCases('With 10,000 records', crowdedCases, 3);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Bare Node and the gate by turns. */
async function printStart(home: string, rounds: number): Promise<void> {
  const github = await openFakeGitHub();
  const token = github.token({ deployments: 'read' });
  const [nothing, asked, decided]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round <= rounds; round += 1) {
    const bareSeconds = await secondsOf(bare);
    let requestedAt = Number.NaN;
    github.faults.next(1, {
      before: () => {
        requestedAt = performance.now();
      },
    });
    const { startedAt, ended } = start(askWithAction(home, { ...github, token }, question));
    const endedAt = await ended;
    // The first round warms this machine and the server up.
    if (round === 0) continue;
    nothing.push(bareSeconds);
    asked.push((requestedAt - startedAt) / 1000);
    decided.push((endedAt - startedAt) / 1000);
  }
  await github.close();
  const row = (name: string, seconds: readonly number[]) => {
    const { a, ratio, range } = compare(seconds, nothing);
    return [name, (a * 1000).toFixed(0), ratio.toFixed(2), range.map((end) => end.toFixed(2)).join(' to ')];
  };
  title(`From process start, medians of ${rounds} rounds; ratios to node -e 0 of the same round`);
  const head = ['', 'ms', 'ratio', 'of rounds'];
  const rows = [row('node -e 0, start to end', nothing), row('gate/, until its first request', asked)];
  print([head, ...rows, row('gate/, until it has decided and ended', decided)]);
}

/** What Node.js itself says it loaded of dist/. */
async function printFiles(home: string): Promise<void> {
  const github = await openFakeGitHub();
  const token = github.token({ deployments: 'read' });
  const folder = mkdtempSync(join(home, 'coverage-'));
  const command = askWithAction(home, { ...github, token }, question);
  await start({ ...command, env: { ...command.env, NODE_V8_COVERAGE: folder } }).ended;
  await github.close();
  const reports = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Coverage);
  const urls = reports.flatMap(({ result }) => result.map(({ url }) => url)).filter((url) => url.startsWith('file:'));
  const files = [...new Set(urls)].map((url) => ({ name: basename(url), content: readFileSync(new URL(url)) }));
  const sum = (of: (content: Buffer) => number) => files.reduce((bytes, { content }) => bytes + of(content), 0);
  const [bytes, gzipped] = [sum(({ length }) => length), sum((content) => gzipSync(content).length)];
  title('What it loads');
  print([
    ['files of dist/', 'kB', 'kB gzipped'],
    [String(files.length), (bytes / 1000).toFixed(1), (gzipped / 1000).toFixed(1)],
  ]);
}

interface Coverage {
  readonly result: readonly { readonly url: string }[];
}

async function printCases(heading: string, cases: readonly GateCase[], runs: number): Promise<void> {
  const rows: (readonly string[])[] = [];
  for (const each of cases) {
    const github = await openFakeGitHub();
    each.fill(github);
    const measured: Asked[] = [];
    for (let run = 0; run < runs; run += 1) measured.push(await askOnce(github, each));
    await github.close();
    const requests = [...new Set(measured.map((asked) => asked.requests))].join(' or ');
    const ms = median(measured.map((asked) => asked.ms));
    rows.push([each.title, each.answer, requests, ms.toFixed(0)]);
  }
  title(`${heading}; medians of ${runs} runs`);
  print([['', 'answer', 'requests', 'ms, start to end'], ...rows]);
}

interface Asked {
  /** Pages included. */
  readonly requests: number;
  readonly ms: number;
}

/** Asks the built gate/ by a log that is filled already; throws where it answers anything else. */
export async function askOnce(github: FakeGitHub, { title, inputs, answer }: GateCase): Promise<Asked> {
  const before = github.requests.length;
  const { outputs, durationMs, log } = await runAction('gate', {
    inputs: { ...question, ...inputs },
    github: { apiUrl: github.url, token: github.token({ deployments: 'read' }) },
  });
  if (outputs['reason-code'] !== answer) throw new Error(`${title}: ${outputs['reason-code']}, not ${answer}:\n${log}`);
  return { requests: github.requests.length - before, ms: durationMs };
}

function title(text: string): void {
  console.log(`\n${text}`);
}

function print(rows: readonly (readonly string[])[]): void {
  console.log(formatTable(rows));
}
