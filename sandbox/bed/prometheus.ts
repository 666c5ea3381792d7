import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { installPackages } from './packages.ts';

/** A Prometheus of our own. */
export interface Prometheus {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const PROGRAM = '/usr/bin/prometheus';
/** Milliseconds. */
const START_TIMEOUT = 30_000;

/**
 * Starts Debian's Prometheus (installing the package where it is missing, without its service) on a free port of 127.0.0.1.
 * It fetches the metrics of `targets` (`127.0.0.1:9100`) once a second, within which they have to answer: else their
 * series are gone until the next time.
 */
export async function startPrometheus(targets: readonly string[]): Promise<Prometheus> {
  if (!existsSync(PROGRAM)) await installPackages(['prometheus']);
  const folder = await mkdtemp(join(tmpdir(), 'rollkey-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  await writeFile(config, configOf(targets));
  const child = spawn(
    PROGRAM,
    [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`, '--web.listen-address=127.0.0.1:0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    const url = `http://${await addressOf(child)}`;
    await untilFetched(url, targets.length);
    return { url, stop: () => stop(child, folder) };
  } catch (error) {
    await stop(child, folder);
    throw error;
  }
}

/** JSON is YAML. */
function configOf(targets: readonly string[]): string {
  const times = { scrape_interval: '1s', scrape_timeout: '1s' };
  return JSON.stringify({ global: times, scrape_configs: [{ job_name: 'rollkey', static_configs: [{ targets }] }] });
}

/** Reads its log until it says where it listens and that it is ready, and goes on reading so that it can go on writing. */
function addressOf(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const lines: string[] = [];
  let address: string | undefined;
  let ready = false;
  const fail = (what: string) => reject(new Error(`Prometheus ${what}: ${lines.slice(-5).join(' | ')}`));
  const timer = setTimeout(() => fail(`is not ready after ${START_TIMEOUT / 1_000} s`), START_TIMEOUT);
  child.once('error', reject).once('exit', (code) => fail(`ended with ${code}`));
  createInterface({ input: child.stderr ?? process.stdin }).on('line', (line) => {
    lines.push(line);
    address ??= /msg="Listening on" address=(\S+)/.exec(line)?.[1];
    ready ||= line.includes('Server is ready to receive web requests');
    if (address !== undefined && ready) resolve(address);
  });
  return promise.finally(() => clearTimeout(timer));
}

/** It begins with its targets only seconds after it is ready. */
async function untilFetched(url: string, count: number): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT;
  const query = new URLSearchParams({ query: 'count(up) or vector(0)' });
  for (;;) {
    const answer = await (await fetch(`${url}/api/v1/query?${query}`)).text();
    if (answer.includes(`"${count}"]`)) return;
    if (Date.now() > deadline) throw new Error(`Prometheus fetches nothing from its targets: ${answer}`);
    await pause(100);
  }
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
}
