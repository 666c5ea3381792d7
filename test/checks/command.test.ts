import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkOf, lookOf } from './sample.ts';

const environment = { PATH: process.env['PATH'], HOME: '/nowhere', INPUT_KUBECONFIG: 's3cr3t', 'INPUT_DRY-RUN': 'x' };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollkey-command-'));
});
afterAll(() => rm(folder, { recursive: true }));

function look(...argv: readonly string[]) {
  return lookOf({ command: argv, timeout: '10s' }, { environment });
}

/** How many programs run with this among their arguments. */
function running(argument: string): number {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      } catch {
        return [];
      }
    });
  return lines.filter((line) => line.includes(argument)).length;
}

async function eventually(asked: () => boolean): Promise<boolean> {
  for (let count = 0; count < 100 && !asked(); count += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  return asked();
}

describe('exit codes', () => {
  test.each<readonly [string, string, string]>([
    ['exit 0', 'pass', 'exits 0'],
    ['echo one; echo two', 'pass', 'exits 0: two'],
    ['echo one; echo; exit 1', 'fail', 'exits 1: one'],
    ['echo out; sleep 0.05; echo "cannot log in" >&2; exit 3', 'fail', 'exits 3: cannot log in'],
    ['exit 255', 'fail', 'exits 255'],
    ['kill -9 $$', 'error', 'was killed from outside'],
    ["printf '\\033[31mred\\033[0m ::error::x\\r\\n'", 'pass', 'exits 0: red ::error::x'],
    ["printf 'a\\0b\\377c'; exit 1", 'fail', 'exits 1: a\u{FFFD}b\u{FFFD}c'],
  ])('%s: %s', async (script, state, message) => {
    expect(await look('sh', '-c', script)).toEqual({ state, message });
  });

  test('a long last line is cut', async () => {
    const { state, message } = await look('sh', '-c', `echo ${'x'.repeat(2_000)}`);
    expect([state, message.length]).toEqual(['pass', 300]);
  });
});

describe('what cannot be started is an error', () => {
  test.each<readonly [string, () => Promise<string>]>([
    ['no such program', async () => 'no-such-program-anywhere'],
    ['no such file', async () => join(folder, 'missing.sh')],
    ['a folder', async () => folder],
    [
      'a file that may not be executed',
      async () => {
        await writeFile(join(folder, 'plain.txt'), 'x');
        return join(folder, 'plain.txt');
      },
    ],
    [
      'a script for a program that is not there',
      async () => {
        await writeFile(join(folder, 'odd.sh'), '#!/no/such/interpreter\n');
        await chmod(join(folder, 'odd.sh'), 0o755);
        return join(folder, 'odd.sh');
      },
    ],
  ])('%s', async (_what, program) => {
    const { state, message } = await look(await program(), 'argument');
    expect(state).toBe('error');
    expect(message).toMatch(/^cannot be started: [^\n]+$/);
  });
});

test('no shell reads the arguments', async () => {
  const odd = ['$HOME; touch x', '`id`', 'a b', '', '"q"', "'", '\\', '*', '-n', '%PATH%', '\n'];
  await writeFile(join(folder, 'print arguments'), '#!/bin/sh\nfor each in "$@"; do printf "[%s]" "$each"; done\n');
  await chmod(join(folder, 'print arguments'), 0o755);
  const { message } = await look(join(folder, 'print arguments'), ...odd);
  expect(message).toBe(`exits 0: ]${odd.slice(odd.length).join('')}`);
  const { message: shown } = await look(join(folder, 'print arguments'), ...odd.slice(0, -1));
  expect(shown).toBe(
    `exits 0: ${odd
      .slice(0, -1)
      .map((each) => `[${each}]`)
      .join('')}`,
  );
});

test('it is told of the run, and of nothing that the action was given', async () => {
  const environmentOf = { argv: ['sh', '-c', 'env | grep -E "ROLLKEY_[^C]|INPUT|MODE|HOME" | sort | tr "\\n" " "'] };
  const item = { command: { ...environmentOf, environment: { MODE: 'fast', HOME: '/here' } }, timeout: '10s' };
  const { message } = await lookOf(item, { environment });
  const about = 'ROLLKEY_DEPLOYMENT=web,api ROLLKEY_MODE=deploy ROLLKEY_NAMESPACE=shop ROLLKEY_PREVIOUS_RELEASE=1.0';
  expect(message).toBe(`exits 0: HOME=/here MODE=fast ${about} ROLLKEY_RELEASE=1.1`);
});

test('it has nothing to read', async () => {
  expect(await look('cat')).toEqual({ state: 'pass', message: 'exits 0' });
});

describe('it ends with its look', () => {
  const late = { state: 'error', message: 'does not end within 0.3 s; give it a longer timeout' };

  test.each<readonly [string, string]>([
    ['by itself', 'exec sleep SECONDS'],
    ['with its children', 'sleep SECONDS & sleep SECONDS; true'],
    ['with those that left its session', 'setsid sleep SECONDS & sleep SECONDS; true'],
    ['though it drops its environment', 'exec env -i /bin/sleep SECONDS'],
    ['with a child that drops it', 'env -i /bin/sleep SECONDS; true'],
    ['with the children of one that does', 'env -i /bin/sh -c "/bin/sleep SECONDS; /bin/true"; true'],
    ['though it ignores signals', 'trap "" TERM INT HUP; sleep SECONDS; sleep SECONDS'],
  ])('%s', async (_how, script) => {
    const seconds = String(1_000 + Math.floor(Math.random() * 1e9));
    const command = ['sh', '-c', script.replaceAll('SECONDS', seconds)];
    const started = Date.now();
    expect(await lookOf({ command, timeout: '300ms' }, { environment })).toEqual(late);
    expect(Date.now() - started).toBeLessThan(3_000);
    expect(await eventually(() => running(seconds) === 0)).toBe(true);
  });

  test.each(['sleep SECONDS &', 'setsid sleep SECONDS > /dev/null 2>&1 &'])(
    '%s leaves nothing behind',
    async (script) => {
      const seconds = String(1_000 + Math.floor(Math.random() * 1e9));
      const { state } = await look('sh', '-c', `${script.replaceAll('SECONDS', seconds)} sleep 0.1`);
      expect(state).toBe('pass');
      expect(await eventually(() => running(seconds) === 0)).toBe(true);
    },
  );

  test('when the run is stopped', async () => {
    const seconds = String(1_000 + Math.floor(Math.random() * 1e9));
    const check = await checkOf({ command: ['sleep', seconds] }, { environment });
    const stop = new AbortController();
    const looking = check.look(stop.signal);
    expect(await eventually(() => running(seconds) === 1)).toBe(true);
    stop.abort();
    expect(await looking).toMatchObject({ state: 'error', message: 'was stopped before it had an answer' });
    expect(await eventually(() => running(seconds) === 0)).toBe(true);
  });

  test('when it is stopped while it starts', async () => {
    const seconds = String(1_000 + Math.floor(Math.random() * 1e9));
    const check = await checkOf({ command: ['sleep', seconds] }, { environment });
    const stop = new AbortController();
    const looking = check.look(stop.signal);
    stop.abort();
    await looking;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(running(seconds)).toBe(0);
  });
});

test('what it writes is no burden', async () => {
  expect(await look('sh', '-c', 'yes x | head -c 3000000; echo; echo last')).toEqual({
    state: 'pass',
    message: 'exits 0: last',
  });
  const endless = { state: 'error', message: 'writes more than 4 MiB and was ended; write less of it' };
  expect(await look('yes')).toEqual(endless);
  expect(await look('sh', '-c', 'cat /dev/zero >&2')).toEqual(endless);
});

test('several at once do not end one another', async () => {
  const looks = ['0.3', '0.1', '0.2'].map((seconds) => look('sh', '-c', `sleep ${seconds}; echo ${seconds}`));
  expect((await Promise.all(looks)).map(({ message }) => message)).toEqual([
    'exits 0: 0.3',
    'exits 0: 0.1',
    'exits 0: 0.2',
  ]);
});
