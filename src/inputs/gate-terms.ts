import type { Trust } from '../gate/trust.ts';
import { environmentProblem, parseScope, parseTrustedWriters } from './gate-names.ts';
import type { InputSource } from './read-inputs.ts';

/** What the root action says at the gate, and whom it believes there. */
export interface GateTerms {
  /** Empty where nobody says. */
  readonly environment: string;
  readonly scope: string;
  readonly trust: Trust;
  /** Empty for none: then there is no gate. */
  readonly token: string;
}

/** The inputs about the gate; `problems` are lines that say what to do. */
export function readGateTerms(source: InputSource): {
  readonly terms: GateTerms;
  readonly problems: readonly string[];
} {
  const environment = source('environment');
  const { scope, problems: ofScope } = parseScope(source('scope'));
  const { trust, problems: ofTrust } = parseTrustedWriters(source('trusted-writers'));
  const problem = environmentProblem('environment', environment);
  return {
    terms: { environment, scope, trust, token: source('github-token') },
    problems: [...(problem === undefined ? [] : [problem]), ...ofScope, ...ofTrust],
  };
}
