import { randomBytes } from 'node:crypto';
import { WORKFLOW, type Writer } from './records.ts';

export type Access = 'none' | 'read' | 'write';

/** What a token may do, by the words of a workflow's `permissions:`. */
export interface Permissions {
  /** `none` unless given, as for each line that a job leaves out. */
  readonly deployments?: Access;
  readonly actions?: Access;
}

/** Whoever sent a request. */
export interface Caller extends Writer {
  readonly permissions: Permissions;
}

export interface Tokens {
  /** Makes a token; without `who` it is a workflow's GITHUB_TOKEN, without `app` a person's. */
  readonly issue: (permissions: Permissions, who?: { readonly login: string; readonly app?: string }) => string;
  /** Who an Authorization header stands for; undefined where nobody was given that token. */
  readonly callerOf: (authorization: string) => Caller | undefined;
}

export const createTokens = (): Tokens => {
  const callers = new Map<string, Caller>();
  return {
    issue: (permissions, who = WORKFLOW) => {
      const { login, app = '' } = who;
      const token = `${app ? 'ghs' : 'github_pat'}_${randomBytes(20).toString('hex')}`;
      callers.set(token, { login, app, permissions });
      return token;
    },
    callerOf: (authorization) => callers.get(authorization.replace(/^(bearer|token) +/i, '')),
  };
};

/** The lines of `permissions:` that are not enough: `deployments=write`. */
export function lacking(granted: Permissions, needed: Permissions): readonly string[] {
  const order: readonly Access[] = ['none', 'read', 'write'];
  return (['deployments', 'actions'] as const)
    .filter((name) => order.indexOf(granted[name] ?? 'none') < order.indexOf(needed[name] ?? 'none'))
    .map((name) => `${name}=${needed[name]}`);
}
