/** A request on its way in. */
export interface IncomingRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What goes wrong with a request. */
export type Fault =
  /** An answer in GitHub's place; without `body`, an error of GitHub's form, from 500 on a page of HTML. */
  | { readonly answer: number; readonly message?: string; readonly body?: unknown; readonly headers?: Headers }
  /** The limit per hour is used up: 403 until it is reset. */
  | { readonly limited: 'primary'; readonly resetAfterSeconds: number }
  /** Too much at once: 403 (or 429), with Retry-After where GitHub gives one. */
  | { readonly limited: 'secondary'; readonly status?: 403 | 429; readonly retryAfterSeconds?: number }
  /** The connection breaks: before the request is carried out, or after it, so that the answer is lost. */
  | { readonly reset: 'before' | 'after' }
  /** Carried out or not, nothing is ever said. */
  | { readonly silence: 'before' | 'after' }
  /** It is carried out this much later. */
  | { readonly delayMs: number }
  /** Something happens first: another writer, a change of the clock, a wait for the test. */
  | { readonly before: (request: IncomingRequest) => unknown }
  /** Something happens once it is carried out, before the answer. */
  | { readonly after: (request: IncomingRequest) => unknown };

type Headers = Readonly<Record<string, string>>;

/** Which requests a fault is for; all unless given. */
export type Match = (request: IncomingRequest) => boolean;

export interface Faults {
  /** For the next `times` requests that match, after what was armed before. */
  readonly next: (times: number, fault: Fault, match?: Match) => void;
  /** For every request that matches, until `clear`. */
  readonly always: (fault: Fault, match?: Match) => void;
  readonly clear: () => void;
}

interface Armed {
  readonly fault: Fault;
  readonly match: Match;
  left: number;
}

export const createFaults = (): Faults & { readonly draw: (request: IncomingRequest) => Fault | undefined } => {
  let armed: Armed[] = [];
  const arm = (left: number, fault: Fault, match: Match = () => true) => {
    armed.push({ fault, match, left });
  };
  return {
    next: arm,
    always: (fault, match) => arm(Number.POSITIVE_INFINITY, fault, match),
    clear: () => {
      armed = [];
    },
    /** The one fault that this request meets. */
    draw: (request) => {
      const entry = armed.find(({ left, match }) => left > 0 && match(request));
      if (entry) entry.left -= 1;
      return entry?.fault;
    },
  };
};
