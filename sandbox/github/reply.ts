/** What is sent back. A string is sent as it is, everything else as JSON. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the request did wrong, whether GitHub minds or not. */
  readonly violations?: readonly string[];
}

const DOCUMENTATION = 'https://docs.github.com/rest';

/** GitHub's way to say no. */
export function refusal(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers, body: { message, documentation_url: DOCUMENTATION, status: String(status) } };
}

/** A 422 of GitHub's own rules about one field. */
export function invalidField(resource: string, field: string, message: string): Reply {
  const errors = [{ resource, code: 'custom', field, message }];
  const body = { message: 'Validation Failed', errors, documentation_url: DOCUMENTATION, status: '422' };
  return violation({ status: 422, body }, message);
}

/** A reply to a request that did something wrong. */
export function violation(reply: Reply, ...what: readonly string[]): Reply {
  return what.length === 0 ? reply : { ...reply, violations: [...(reply.violations ?? []), ...what] };
}
