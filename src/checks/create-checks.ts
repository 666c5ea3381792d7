import type { CheckSpec, Expectation, PrometheusSpec } from '../inputs/checks.ts';
import type { Check } from '../ports.ts';
import type { Mode } from '../release/mode.ts';
import { createCommandCheck } from './command.ts';
import { createHttpCheck } from './http.ts';
import { doubtInherited } from './inherited.ts';
import { createPrometheusCheck } from './prometheus.ts';
import { createServiceCheck, type ServiceProxy } from './service.ts';

/** What checks are told of the run, and what they look with. */
export interface ChecksContext {
  readonly release: string;
  readonly previousRelease: string;
  readonly namespace: string;
  readonly deployments: readonly string[];
  readonly mode: Mode;
  /** Whether only a part of the pods runs the release. */
  readonly partly?: boolean;
  readonly serviceProxy: ServiceProxy;
  /** The process's, for commands and for the names of HTTP proxies. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Makes the checks of the input `verify`; none looks before it is asked to. */
export function createChecks(specs: readonly CheckSpec[], context: ChecksContext): readonly Check[] {
  return specs.map((spec) => createCheck(spec, context));
}

function createCheck(spec: CheckSpec, context: ChecksContext): Check {
  const { environment } = context;
  switch (spec.kind) {
    case 'http':
      return createHttpCheck(named(spec, context), environment);
    case 'service':
      return createServiceCheck(named(spec, context), context.namespace, context.serviceProxy);
    case 'prometheus':
      return isAboutThePast(spec, context)
        ? doubtInherited(createPrometheusCheck(spec, environment))
        : createPrometheusCheck(spec, environment);
    case 'command':
      return createCommandCheck(spec, { ...environment, ...aboutRun(context) });
  }
}

/** A rate over a minute still holds the errors of the release before; after a rollback, every metric may. */
function isAboutThePast({ query }: PrometheusSpec, { mode }: ChecksContext): boolean {
  return mode === 'rollback' || /\[\s*\d+(ms|[smhdwy])/.test(query);
}

/**
 * A check that names the release still fits when an earlier one is back. Beside a canary, pods of another one answer, too,
 * so that only the rest of what is expected can be.
 */
function named<T extends Expectation>(spec: T, { release, partly = false }: ChecksContext): T {
  const { contains } = spec;
  if (partly && contains.includes(RELEASE)) return { ...spec, contains: '' };
  return { ...spec, contains: contains.replaceAll(RELEASE, () => release) };
}

const RELEASE = '$ROLLKEY_RELEASE';

function aboutRun({ release, previousRelease, namespace, deployments, mode }: ChecksContext) {
  return {
    ROLLKEY_RELEASE: release,
    ROLLKEY_PREVIOUS_RELEASE: previousRelease,
    ROLLKEY_NAMESPACE: namespace,
    ROLLKEY_DEPLOYMENT: deployments.join(','),
    ROLLKEY_MODE: mode,
  };
}
