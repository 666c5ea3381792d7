import type { Runner } from '../../src/github/runner.ts';
import type { Annotation } from '../../src/report/annotations.ts';
import { createLogBook } from './log-book.ts';

export interface FakeRunner extends Runner {
  readonly outputs: Readonly<Record<string, string>>;
  readonly annotations: readonly Annotation[];
  readonly summaries: readonly string[];
  failed(): boolean;
}

/** GitHub's runner in memory, with a step's inputs. */
export function createFakeRunner(inputs: Readonly<Record<string, string>>): FakeRunner {
  const outputs: Record<string, string> = {};
  const annotations: Annotation[] = [];
  const summaries: string[] = [];
  const state = new Map<string, string>();
  let failed = false;
  return {
    ...{ outputs, annotations, summaries, log: createLogBook() },
    context: {
      ...{ trigger: 'push', actor: 'octocat', runUrl: 'https://github.com/octo/shop/actions/runs/1', temp: '' },
      ...{ runId: '1', runAttempt: 1, repository: 'octo/shop', sha: '0123456789abcdef0123456789abcdef01234567' },
      apiUrl: 'https://api.github.com',
    },
    environment: {},
    input: (name) => inputs[name] ?? '',
    mask: () => {},
    output: (name, value) => {
      outputs[name] = value;
    },
    annotate: (annotation) => void annotations.push(annotation),
    writeSummary: async (markdown) => void summaries.push(markdown),
    keep: (name, value) => void state.set(name, value),
    kept: (name) => state.get(name) ?? '',
    fail: () => {
      failed = true;
    },
    failed: () => failed,
    interrupt: new AbortController().signal,
    leave: async () => {},
  };
}
