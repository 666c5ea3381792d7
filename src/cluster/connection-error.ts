import { ClusterError } from '../errors.ts';
import { oneLine } from './one-line.ts';

/** Where a connection ended: `peer` is the URL of the proxy or the server that was being talked to. */
interface Whereabouts {
  readonly server: string;
  readonly peer: string;
  /** How long an answer was waited for. */
  readonly seconds: number;
}

const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused; check that the server runs and the address is right',
  ECONNRESET: 'the connection was reset; check what stands between this runner and the server',
  EPIPE: 'the connection was reset; check what stands between this runner and the server',
  ENOTFOUND: 'the name is not known to DNS; check the server in the kubeconfig',
  EAI_AGAIN: 'DNS does not answer; check the network of this runner',
  EHOSTUNREACH: 'no route to the host; check that this runner can reach its network',
  ENETUNREACH: 'no route to the host; check that this runner can reach its network',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted(),
  SELF_SIGNED_CERT_IN_CHAIN: untrusted(),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted(),
  UNABLE_TO_GET_ISSUER_CERT: untrusted(),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted(),
  CERT_SIGNATURE_FAILURE: untrusted(),
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS; check the scheme and port of the server in the kubeconfig',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS; check the scheme and port of the server in the kubeconfig',
  CERT_HAS_EXPIRED: "the server's certificate has expired; renew it on the cluster",
  CERT_NOT_YET_VALID: "the server's certificate is not valid yet; check the clocks",
};

// Name lookup, certificates and time-outs stay as they are within seconds; these may not.
const PASSING = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** What a failed connection means to the user: a ClusterError `unreachable` of one line, with `error` as its cause. */
export function connectionError(error: unknown, { server, peer, seconds }: Whereabouts): ClusterError {
  const who = peer === server || new URL(peer).host === new URL(server).host ? '' : `proxy ${shown(peer)}: `;
  return new ClusterError('unreachable', `cluster ${shown(server)}: ${who}${explain(error, who !== '', seconds)}`, {
    cause: error,
  });
}

/** Whether the same connection may well succeed within seconds. */
export function isPassing(error: unknown): boolean {
  const cause = error instanceof ClusterError ? error.cause : error;
  const code = codeOf(cause);
  return PASSING.has(code) || code.startsWith('ERR_HTTP2_');
}

/** The error of an answer that ended before it was complete. */
export function cutShort(): Error {
  return Object.assign(new Error('the answer ended too early'), { code: 'ECONNRESET' });
}

/** A URL without the credentials that it may hold. */
export function shown(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

function explain(error: unknown, proxied: boolean, seconds: number): string {
  if (timedOut(error)) {
    const hint = proxied ? 'check the proxy and its address' : 'check the address, firewalls and proxy settings';
    return `no answer within ${seconds} s; ${hint}`;
  }
  const code = codeOf(error);
  const text = oneLine(String(fieldsOf(error).message ?? error));
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `${text}; set tls-server-name in the kubeconfig, or use a name of the certificate`;
  }
  if (fieldsOf(error).name === 'ProxyRefusal') return `${text}; check the proxy settings`;
  return ADVICE[code.startsWith('ERR_HTTP2_') ? 'ECONNRESET' : code] ?? `${text}; check the server in the kubeconfig`;
}

function timedOut(error: unknown): boolean {
  const { name, code, cause } = fieldsOf(error);
  return name === 'TimeoutError' || code === 'ETIMEDOUT' || (name === 'AbortError' && timedOut(cause));
}

function codeOf(error: unknown): string {
  const { code } = fieldsOf(error);
  return typeof code === 'string' ? code : '';
}

/** Structural, because an error of another realm (jest runs modules in one) is not an instance of our `Error`. */
function fieldsOf(error: unknown): Partial<Readonly<Record<'name' | 'code' | 'message' | 'cause', unknown>>> {
  return typeof error === 'object' && error !== null ? error : {};
}

function untrusted(): string {
  return "the server's certificate is not signed by a known CA; set certificate-authority-data in the kubeconfig to the cluster's CA";
}
