import { randomInt } from 'node:crypto';
import { addCounts, type Counts, formatCounts, NO_COUNTS } from './test/counts.ts';
import { runJest } from './test/jest.ts';
import { runStep } from './test/step.ts';

type Suite = (jestArguments: readonly string[]) => Promise<Counts>;

const SUITES: Readonly<Record<string, Suite>> = { default: runEverything, cluster: runClusterStories, soak: runSoak };

// `test.ts [default | cluster | soak] [jest arguments]`; the last line counts what passed and failed.
const [name = 'default', ...rest] = process.argv.slice(2);
const suite = SUITES[name];
if (suite === undefined) throw new Error(`test.ts: unknown suite ${name} (has: ${Object.keys(SUITES).join(', ')})`);
const counts = await suite(rest);
console.log(formatCounts(counts));
if (counts.failed > 0) process.exitCode = 1;

async function runEverything(jestArguments: readonly string[]): Promise<Counts> {
  const checks = [
    { title: 'format', command: ['biome', 'format', '.'] },
    { title: 'lint', command: ['biome', 'lint', '.'] },
    { title: 'types', command: ['tsc', '--noEmit'] },
    { title: 'dist', command: [process.execPath, 'scripts/build.ts', '--check'] },
  ];
  let counts = NO_COUNTS;
  for (const { title, command } of checks) counts = addCounts(counts, await check(title, command));
  return addCounts(counts, await runJest(jestArguments));
}

async function check(title: string, [command = '', ...commandArguments]: readonly string[]): Promise<Counts> {
  console.log(`${title}:`);
  const succeeded = await runStep(command, commandArguments);
  if (!succeeded) console.log(`${title}: failed`);
  return { ...NO_COUNTS, failed: succeeded ? 0 : 1 };
}

function runClusterStories(jestArguments: readonly string[]): Promise<Counts> {
  return runJest([...only('cluster'), ...jestArguments]);
}

async function runSoak(jestArguments: readonly string[]): Promise<Counts> {
  const seed = process.env['ROLLKEY_SOAK_SEED'] ?? String(randomInt(2 ** 31));
  console.log(`seed ${seed} (the same again: ROLLKEY_SOAK_SEED=${seed} npm run test:soak)`);
  const counts = await runJest([...only('soak'), ...jestArguments], { ROLLKEY_SOAK_SEED: seed });
  console.log(`seed ${seed}`);
  return counts;
}

function only(kind: 'cluster' | 'soak'): readonly string[] {
  return [`--testMatch=**/*.${kind}.test.ts`, '--testPathIgnorePatterns=/node_modules/', '--runInBand'];
}
