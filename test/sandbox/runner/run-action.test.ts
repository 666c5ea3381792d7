import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runAction } from '../../../sandbox/runner/run-action.ts';

let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'rollkey-checkout-'));
  mkdirSync(join(checkout, 'plan'));
});

afterEach(() => rmSync(checkout, { recursive: true }));

describe('an action', () => {
  test('gets inputs with their defaults, the runner’s variables and nothing else', async () => {
    process.env['ROLLKEY_LEAK'] = 'leaked';
    action('for (const name of Object.keys(process.env)) console.log(name + "=" + process.env[name]);');
    const { log, exitCode } = await runAction('plan', { checkout, inputs: { 'dry-run': 'true' } });
    delete process.env['ROLLKEY_LEAK'];
    const lines = log.split('\n');
    expect(exitCode).toBe(0);
    expect(lines).toEqual(expect.arrayContaining(['INPUT_DRY-RUN=true', 'INPUT_OLD_NAME=7', 'GITHUB_ACTIONS=true']));
    expect(lines.filter((line) => /LEAK|^KUBECONFIG|^NODE_/.test(line))).toEqual([]);
  });

  test('hands outputs, state and summary over by files, and its post step gets the state', async () => {
    action(
      `import { appendFileSync, writeFileSync } from 'node:fs';
      appendFileSync(process.env.GITHUB_OUTPUT, 'a<<X\\n1\\n2\\nX\\n');
      appendFileSync(process.env.GITHUB_STATE, 'key=' + process.env.RUNNER_TEMP + '/kept');
      appendFileSync(process.env.GITHUB_STEP_SUMMARY, '# Done');
      writeFileSync(process.env.RUNNER_TEMP + '/kept', '');
      console.log('::error title=Oh::no'); process.exitCode = 3;`,
      `import { rmSync } from 'node:fs'; rmSync(process.env.STATE_key); console.log('removed');`,
    );
    const seen: (readonly string[])[] = [];
    const look = (temp: string) => void seen.push(readdirSync(temp));
    const run = await runAction('plan', { checkout, inputs: {}, beforePost: look, afterPost: look });
    expect(run).toMatchObject({ exitCode: 3, outputs: { a: '1\n2' }, summary: '# Done' });
    expect(run.annotations).toEqual([{ level: 'error', title: 'Oh', message: 'no' }]);
    expect(run.post).toEqual({ exitCode: 0, log: 'removed', summary: '' });
    expect(seen).toEqual([['kept'], []]);
  });

  test('that does not end is killed after its time', async () => {
    action('setInterval(() => {}, 1000);');
    expect(await runAction('plan', { checkout, inputs: {}, timeoutMs: 300 })).toMatchObject({
      exitCode: null,
      timedOut: true,
    });
  });

  test('of a cancelled workflow gets SIGINT, and its post step runs', async () => {
    action('setInterval(() => {}, 1000); process.on("SIGINT", () => process.exit(9)); console.log("up");', '');
    const cancel = new AbortController();
    const onLine = () => cancel.abort();
    const run = await runAction('plan', { checkout, inputs: {}, cancelled: cancel.signal, onLine });
    expect(run).toMatchObject({ exitCode: 9, post: { exitCode: 0 } });
  });

  test('of a runner that dies is killed outright, without its post step', async () => {
    action('setInterval(() => {}, 1000); process.on("SIGINT", () => {}); console.log("up");', '');
    const killed = new AbortController();
    const run = await runAction('plan', { checkout, inputs: {}, killed: killed.signal, onLine: () => killed.abort() });
    expect([run.exitCode, run.post]).toEqual([null, undefined]);
  });

  test('has no input that its action.yml does not name', async () => {
    action('');
    await expect(runAction('plan', { checkout, inputs: { relaese: '1' } })).rejects.toThrow('no input relaese');
  });
});

function action(main: string, post?: string): void {
  const runs = { using: 'node24', main: 'main.mjs', ...(post !== undefined && { post: 'post.mjs' }) };
  const inputs = { 'dry-run': { default: 'false' }, 'old name': { default: 7 } };
  writeFileSync(join(checkout, 'plan', 'action.yml'), JSON.stringify({ inputs, runs }));
  writeFileSync(join(checkout, 'plan', 'main.mjs'), main);
  writeFileSync(join(checkout, 'plan', 'post.mjs'), post ?? '');
}
