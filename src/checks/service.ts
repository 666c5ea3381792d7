import { ClusterError } from '../errors.ts';
import type { ServiceSpec } from '../inputs/checks.ts';
import type { Check, CheckAnswer } from '../ports.ts';
import { expectAnswer } from './expect-answer.ts';
import { createCheck } from './look.ts';
import { secondsOf } from './seconds.ts';

/** Which Service is asked for what, through the API server. */
export interface ServiceRequest {
  readonly namespace: string;
  readonly service: string;
  /** Number or name. */
  readonly port: string;
  readonly scheme: 'http' | 'https';
  /** With its query. */
  readonly path: string;
}

/** `unreached`: the API server answers that no pod of the Service does. */
export type ServiceAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  | { readonly kind: 'unreached'; readonly message: string };

/** The API server's proxy to Services. Both methods throw ClusterError. */
export interface ServiceProxy {
  get(request: ServiceRequest, signal: AbortSignal): Promise<ServiceAnswer>;
  /** Resolves when the API server itself answers. */
  ping(): Promise<void>;
}

/** Asks a Service of the run's namespace, without an ingress; a redirect counts by its code. */
export function createServiceCheck(spec: ServiceSpec, namespace: string, proxy: ServiceProxy): Check {
  const { service, port, scheme, path } = spec;

  /** A Service that hangs and an API server that hangs look alike. */
  async function late(): Promise<CheckAnswer> {
    await proxy.ping();
    return { state: 'fail', message: `does not answer within ${secondsOf(spec.timeoutMs)}` };
  }

  return createCheck(spec, { early: true, late }, async (signal) => {
    try {
      const answer = await proxy.get({ namespace, service, port, scheme, path }, signal);
      if (answer.kind === 'unreached') return { state: 'fail', message: answer.message };
      return expectAnswer(spec, answer.status, answer.text);
    } catch (error) {
      if (error instanceof ClusterError) return { state: 'error', message: error.message };
      throw error;
    }
  });
}
