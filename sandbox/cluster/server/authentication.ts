import { randomUUID } from 'node:crypto';
import { ApiError } from '../model/api-error.ts';

export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

export type Identities = ReturnType<typeof createIdentities>;

const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** Bearer tokens and whom they stand for. */
export const createIdentities = () => {
  const users = new Map<string, User>();
  return {
    /** A new token for a user; `system:masters` among the groups makes it an administrator. */
    tokenFor: (name: string, groups: readonly string[] = []): string => {
      const token = randomUUID();
      users.set(token, { name, groups: [...groups, 'system:authenticated'] });
      return token;
    },
    /** From now on the token answers 401, as an expired one does. */
    revoke: (token: string): void => {
      users.delete(token);
    },
    /** The user behind an Authorization header; without one nobody, with an unknown token 401. */
    authenticate: (authorization: string | undefined): User => {
      if (authorization === undefined) return anonymous;
      const user = users.get(authorization.replace(/^Bearer\s+/i, ''));
      if (user === undefined) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
      return user;
    },
  };
};
