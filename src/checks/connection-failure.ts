import { errorMessage } from '../errors.ts';
import type { CheckAnswer } from '../ports.ts';

/** What the release itself may cause. Everything else says nothing about it: the way to it, names, certificates. */
const UNANSWERED: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection',
  ECONNRESET: 'cuts the connection',
  EPIPE: 'cuts the connection',
  ERR_STREAM_PREMATURE_CLOSE: 'cuts the connection',
  ETIMEDOUT: 'does not answer',
};

const OBSTACLES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name is not known to DNS; check the url',
  EAI_AGAIN: 'DNS does not answer; check the network of this runner',
  EHOSTUNREACH: 'no route to the host; check that this runner can reach its network',
  ENETUNREACH: 'no route to the host; check that this runner can reach its network',
  EPROTO: 'it does not speak TLS; check the scheme and port of the url',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS; check the scheme and port of the url',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS; check the scheme and port of the url',
};

/** What a request that got no answer says: `fail` where the release may be at fault, else `error`. */
export function connectionFailure(error: unknown): CheckAnswer {
  const { code, name } = fieldsOf(error);
  if (name === 'AggregateError') return connectionFailure(fieldsOf(error).errors?.[0] ?? code);
  const word = typeof code === 'string' ? code : '';
  const unanswered = UNANSWERED[word] ?? (word.startsWith('HPE_') ? 'does not speak HTTP' : undefined);
  if (unanswered !== undefined) return { state: 'fail', message: unanswered };
  const certificate = /CERT|_SIGNED_|ISSUER|ERR_TLS/.test(word)
    ? `the TLS certificate is not accepted (${errorMessage(error)})`
    : '';
  return { state: 'error', message: OBSTACLES[word] ?? (certificate || errorMessage(error)) };
}

/** Structural, because an error of another realm (jest runs modules in one) is not an instance of our `Error`. */
function fieldsOf(error: unknown): {
  readonly code?: unknown;
  readonly name?: unknown;
  readonly errors?: readonly unknown[];
} {
  return typeof error === 'object' && error !== null ? error : {};
}
