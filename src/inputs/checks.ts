type TextMap = Readonly<Record<string, string>>;

/** How often a check looks, for how long, and how many looks in a row count. */
export interface CheckTimes {
  readonly name: string;
  /** Milliseconds for one look. */
  readonly timeoutMs: number;
  /** Milliseconds between two looks. */
  readonly intervalMs: number;
  readonly threshold: number;
}

/** What an answer over HTTP must be like. */
export interface Expectation {
  /** Accepted codes; none listed: 200 to 399, as for a probe of Kubernetes. */
  readonly statuses: readonly number[];
  /** Text that the body must hold, in which $ROLLKEY_RELEASE stands for the release; empty for any body. */
  readonly contains: string;
}

export interface HttpSpec extends CheckTimes, Expectation {
  readonly kind: 'http';
  readonly url: string;
  /** Values are secrets. */
  readonly headers: TextMap;
}

/** A request through the API server's proxy to a Service of the run's namespace. */
export interface ServiceSpec extends CheckTimes, Expectation {
  readonly kind: 'service';
  readonly service: string;
  /** Number or name. */
  readonly port: string;
  /** With its query. */
  readonly path: string;
  readonly scheme: 'http' | 'https';
}

/** A query whose every value must lie below and above limits. */
export interface PrometheusSpec extends CheckTimes {
  readonly kind: 'prometheus';
  readonly url: string;
  readonly query: string;
  readonly below?: number;
  readonly above?: number;
  /** Values are secrets. */
  readonly headers: TextMap;
}

/** A program and its arguments; no shell reads them. */
export interface CommandSpec extends CheckTimes {
  readonly kind: 'command';
  readonly argv: readonly string[];
  readonly environment: TextMap;
}

/** One check of the input `verify`. */
export type CheckSpec = HttpSpec | ServiceSpec | PrometheusSpec | CommandSpec;
