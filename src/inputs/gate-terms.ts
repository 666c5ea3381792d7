import type { Trust } from '../gate/trust.ts';
import { environmentProblem, parseScope, parseTrustedWriters } from './gate-names.ts';
import type { InputSource } from './read-inputs.ts';

/** Of what an action speaks at the gate, whom it believes there, and with which token. */
export interface GateTerms {
  readonly scope: string;
  readonly trust: Trust;
  /** Empty for none: then there is no gate. */
  readonly token: string;
}

/** … and where, for an action that changes something there. */
export interface EnvironmentTerms extends GateTerms {
  /** Empty where nobody says. */
  readonly environment: string;
}

/** The inputs about the gate; `problems` are lines that say what to do. */
export function readGateTerms(source: InputSource): {
  readonly terms: GateTerms;
  readonly problems: readonly string[];
} {
  const { scope, problems: ofScope } = parseScope(source('scope'));
  const { trust, problems: ofTrust } = parseTrustedWriters(source('trusted-writers'));
  return { terms: { scope, trust, token: source('github-token') }, problems: [...ofScope, ...ofTrust] };
}

/** … and the environment. */
export function readEnvironmentTerms(source: InputSource): {
  readonly terms: EnvironmentTerms;
  readonly problems: readonly string[];
} {
  const environment = source('environment');
  const { terms, problems } = readGateTerms(source);
  const problem = environmentProblem('environment', environment);
  return { terms: { ...terms, environment }, problems: [...(problem === undefined ? [] : [problem]), ...problems] };
}
