import { ClusterError, type ClusterErrorKind } from '../errors.ts';
import { oneLine } from './one-line.ts';
import { roleRule, type Subject } from './subject.ts';

/** The parts of a Kubernetes `Status` that we read. */
export interface ApiStatus {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly kind?: string;
    readonly causes?: readonly { readonly field?: string; readonly message?: string }[];
  };
}

/** What an answer of the API server other than 2xx means for the request about `subject`; `body` is its text. */
export function apiError(subject: Subject, status: number, body: string): ClusterError {
  const answer = parseStatus(body);
  const text = oneLine(withoutDumps(answer?.message ?? body));
  const fail = (kind: ClusterErrorKind, message: string) => new ClusterError(kind, `${subject.title}: ${message}`);

  if (isAdmissionDenial(text)) return fail('rejected', text);
  switch (status) {
    case 401:
      return fail(
        'unauthorized',
        'the API server does not accept the credentials (expired?); renew those in the kubeconfig',
      );
    case 403:
      return forbidden(subject, answer, text);
    case 404:
      return isNoSuchResource(answer)
        ? fail('not-found', 'the server does not serve this; check that the address is that of a Kubernetes API')
        : fail('not-found', 'not found; check its name and namespace');
    case 409:
      return fail('conflict', 'somebody else changed it meanwhile; run again');
    case 422:
      return isFailedTest(subject, answer)
        ? fail('conflict', 'somebody else changed it meanwhile; run again')
        : fail('rejected', rejection(answer, text));
  }
  if (status === 429 || status >= 500) {
    return fail('unreachable', `the API server answers ${status}${text && ` (${text})`}; try again later`);
  }
  return fail('rejected', `the API server answers ${status}${text && `: ${text}`}`);
}

/** The `Status` in an answer's text; undefined for anything else, such as a proxy's HTML. */
function parseStatus(body: string): ApiStatus | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Status'
      ? (value as ApiStatus)
      : undefined;
  } catch {
    return undefined;
  }
}

function forbidden(subject: Subject, answer: ApiStatus | undefined, text: string): ClusterError {
  const user = /\bUser "([^"]*)" cannot\b/i.exec(text)?.[1];
  // Admission plugins (quota, PodSecurity, a namespace that is ending) answer 403 as well: no Role helps there.
  if (user === undefined && answer?.details?.kind !== undefined) {
    return new ClusterError('rejected', `${subject.title}: ${text}`);
  }
  const who = user === undefined ? text && ` (${text})` : ` (user "${user}")`;
  const message = `forbidden to ${subject.verb}${who}; add to its Role: ${roleRule(subject)}`;
  return new ClusterError('forbidden', `${subject.title}: ${message}`);
}

function rejection(answer: ApiStatus | undefined, text: string): string {
  const causes = (answer?.details?.causes ?? []).map(({ field, message = '' }) =>
    oneLine(withoutDumps(field ? `${field}: ${message}` : message)),
  );
  // The message of an invalid object repeats its causes, shortened when there are many.
  const unsaid = causes.filter((cause) => !text.includes(cause));
  return oneLine([text || 'the API server finds it invalid', ...unsaid].join('; '));
}

/** Leaves out values that are whole objects: they hide the reason behind them, and may hold what is secret. */
function withoutDumps(text: string): string {
  return text.replace(/Invalid value: ("(?:[^"\\]|\\.){80,}"|[\w.[\]*]*\{.{80,}\})(?=:|$)/gs, 'Invalid value');
}

/** Webhooks answer any code; policies and webhooks share these words (apiserver/pkg/admission). */
function isAdmissionDenial(text: string): boolean {
  return /admission webhook "[^"]*" (denied|attempted)|ValidatingAdmissionPolicy '[^']*'.* denied request/.test(text);
}

/**
 * The API server answers a failed `test` of a JSON patch with a bare 422 (apiserver/pkg/endpoints/handlers/patch.go):
 * an object that is invalid after the patch names its kind and causes.
 */
function isFailedTest(subject: Subject, answer: ApiStatus | undefined): boolean {
  if (subject.verb !== 'patch') return false;
  return answer?.details?.kind === undefined && (answer?.details?.causes ?? []).length === 0;
}

function isNoSuchResource(answer: ApiStatus | undefined): boolean {
  return answer === undefined || /could not find the requested resource/.test(answer.message ?? '');
}
