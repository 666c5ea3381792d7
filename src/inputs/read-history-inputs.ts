import { InputError } from '../errors.ts';
import type { Trust } from '../gate/trust.ts';
import { parseScope, parseTrustedWriters } from './gate-names.ts';
import { type ClusterInputs, type InputSource, readCluster } from './read-inputs.ts';

export interface HistoryInputs extends ClusterInputs {
  readonly scope: string;
  readonly trust: Trust;
  /** Empty for none: then there is no board. */
  readonly token: string;
}

/** The inputs of history/. Throws InputError with every problem at once. */
export function readHistoryInputs(source: InputSource): HistoryInputs {
  const cluster = readCluster(source);
  const { scope, problems: scopeProblems } = parseScope(source('scope'));
  const { trust, problems: trustProblems } = parseTrustedWriters(source('trusted-writers'));
  const problems = [...cluster.problems, ...scopeProblems, ...trustProblems];
  if (problems.length > 0) throw new InputError(problems);
  return { ...cluster.inputs, scope, trust, token: source('github-token') };
}
