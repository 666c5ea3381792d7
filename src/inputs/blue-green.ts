import type { CheckSpec } from './checks.ts';
import { type Rule, readFields, shown } from './fields.ts';
import { duration } from './rules.ts';
import type { WorkloadName } from './workload-names.ts';
import { parseYamlInput } from './yaml-input.ts';

/** A Service that is switched between two Deployments. */
export interface BlueGreen {
  readonly service: string;
  /** Another Service, by which the idle colour is asked before the switch. */
  readonly preview?: string;
  /** Milliseconds for which the colour that was left keeps its pods; undefined: until somebody takes them. */
  readonly scaleDownDelayMs?: number;
}

interface Keys {
  readonly service: string;
  readonly preview: string;
  readonly 'scale-down-delay': number;
}

/** RFC 1035 label, as the API server demands of a Service's name. */
const SERVICE = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** A job waits for it. */
const LONGEST_DELAY_MS = 3_600_000;
const NAMES = {
  keys: ['blue', 'green'],
  hint: 'is named in deployment: name both there (deployment: web-blue, web-green)',
};

/** Reads `blue-green`: the name of a Service, or a map with it; undefined for an empty one. One line for each problem. */
export async function readBlueGreen(
  text: string,
): Promise<{ readonly blueGreen: BlueGreen | undefined; readonly problems: readonly string[] }> {
  const { value, problems: unreadable } = await parseYamlInput('blue-green', text);
  if (value === undefined) return { blueGreen: undefined, problems: unreadable };
  const given = typeof value === 'string' ? { service: value } : value;
  const rules = {
    service: serviceName,
    preview: serviceName,
    'scale-down-delay': duration('30s or 10m, 0s for at once', 0, LONGEST_DELAY_MS),
  };
  const { fields, problems } = readFields<Keys>('blue-green', given, rules, NAMES);
  const { service, preview, 'scale-down-delay': scaleDownDelayMs } = fields;
  if (service === undefined) {
    const missing = 'blue-green: service is missing: name the Service that is switched';
    return { blueGreen: undefined, problems: problems.length > 0 ? problems : [missing] };
  }
  const mirrored = 'blue-green: preview is the live Service: name another one, or leave it out';
  return {
    blueGreen: {
      service,
      ...(preview !== undefined && { preview }),
      ...(scaleDownDelayMs !== undefined && { scaleDownDelayMs }),
    },
    problems: preview === service ? [...problems, mirrored] : problems,
  };
}

/** What does not go with a Service that is switched; a problem each. */
export function besideBlueGreen(
  blueGreen: BlueGreen | undefined,
  { workloads, canary }: { readonly workloads: readonly WorkloadName[]; readonly canary: unknown },
): readonly string[] {
  if (!blueGreen) return [];
  const two = workloads.length === 2 && workloads.every(({ kind }) => kind === 'deployment');
  return [
    ...(two ? [] : ['deployment: blue-green needs two Deployments, e.g. web-blue, web-green']),
    ...(canary === undefined ? [] : ['canary: leave it out, since blue-green switches all pods at once']),
  ];
}

/** The checks that can be made before the switch: those of the live Service, through the preview Service. */
export function previewChecks(specs: readonly CheckSpec[], { service, preview }: BlueGreen): readonly CheckSpec[] {
  if (preview === undefined) return [];
  return specs.flatMap((spec) =>
    spec.kind === 'service' && spec.service === service ? [{ ...spec, service: preview }] : [],
  );
}

const serviceName: Rule<string> = (value) =>
  typeof value === 'string' && SERVICE.test(value) ? { value } : { problem: `${shown(value)} is no name of a Service` };
