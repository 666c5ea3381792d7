import type { Desk } from '../../desk/desk.ts';
import type { Assignment, Attempt, Contender } from './contender.ts';

/** Longer than any rollout here. */
const longestRun = 700_000;

/** The built action at a level of `fail-fast`, and with other inputs where they are given. */
export function actionContender(
  failFast: 'balanced' | 'strict',
  inputs: Readonly<Record<string, string>> = {},
): Contender {
  return {
    name: failFast,
    install: (desk, workload) => desk.install(workload),
    attempt: (desk, assignment) => attempt(desk, assignment, { 'fail-fast': failFast, ...inputs }),
  };
}

async function attempt(desk: Desk, { images }: Assignment, inputs: Readonly<Record<string, string>>): Promise<Attempt> {
  const startedAt = performance.now();
  let verdictAt: number | undefined;
  const run = await desk.run(
    'root',
    { deployment: 'web', release: '1.1', images, ...inputs },
    {
      timeoutMs: longestRun,
      onLine: (line) => {
        if (line.includes('ROLLING_BACK')) verdictAt ??= performance.now();
      },
    },
  );
  const endedAt = startedAt + run.durationMs;
  const passed = run.exitCode === 0;
  return {
    startedAt,
    endedAt,
    verdictAt: verdictAt ?? (passed ? undefined : endedAt),
    passed,
    outcome: `\`${run.outputs['outcome']}\`, \`${run.outputs['reason-code']}\``,
    headline: run.summary.split('\n')[0]?.replace(/^#+ /, '') ?? '',
  };
}
