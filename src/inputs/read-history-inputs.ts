import { InputError } from '../errors.ts';
import { type GateTerms, readGateTerms } from './gate-terms.ts';
import { type ClusterInputs, type InputSource, readCluster } from './read-inputs.ts';

/** Without a token there is no board. */
export interface HistoryInputs extends ClusterInputs, GateTerms {}

/** The inputs of history/. Throws InputError with every problem at once. */
export function readHistoryInputs(source: InputSource): HistoryInputs {
  const [cluster, gate] = [readCluster(source), readGateTerms(source)];
  const problems = [...cluster.problems, ...gate.problems];
  if (problems.length > 0) throw new InputError(problems);
  return { ...cluster.inputs, ...gate.terms };
}
