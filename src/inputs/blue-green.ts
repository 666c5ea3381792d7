import type { CheckSpec } from './checks.ts';
import { isFields, type Rule, readFields, shown } from './fields.ts';
import { duration } from './rules.ts';
import { parseYamlInput } from './yaml-input.ts';

/** A Service and the two Deployments that it is switched between. */
export interface BlueGreen {
  readonly service: string;
  readonly blue: string;
  readonly green: string;
  /** Another Service, by which the idle colour is asked before the switch. */
  readonly preview?: string;
  /** Milliseconds for which the colour that was left keeps its pods; undefined: until somebody takes them. */
  readonly scaleDownDelayMs?: number;
}

interface Keys {
  readonly service: string;
  readonly blue: string;
  readonly green: string;
  readonly preview: string;
  readonly 'scale-down-delay': number;
}

/** RFC 1035 and RFC 1123: a Service's name is a label, a Deployment's may have dots. */
const SERVICE = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DEPLOYMENT = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** A job waits for it. */
const LONGEST_DELAY_MS = 3_600_000;

/**
 * Reads `blue-green`; undefined for an empty one. The name of a Service alone stands for that Service and the Deployments
 * `<service>-blue` and `<service>-green`.
 */
export async function readBlueGreen(
  text: string,
): Promise<{ readonly blueGreen: BlueGreen | undefined; readonly problems: readonly string[] }> {
  const { value, problems: unreadable } = await parseYamlInput('blue-green', text);
  if (value === undefined) return { blueGreen: undefined, problems: unreadable };
  const { fields, problems } = readFields<Keys>('blue-green', typeof value === 'string' ? { service: value } : value, {
    service: named(SERVICE, 'a Service'),
    blue: named(DEPLOYMENT, 'a Deployment'),
    green: named(DEPLOYMENT, 'a Deployment'),
    preview: named(SERVICE, 'a Service'),
    'scale-down-delay': duration('30s or 10m, 0s for at once', 0, LONGEST_DELAY_MS),
  });
  const { service, preview, 'scale-down-delay': scaleDownDelayMs } = fields;
  const missing =
    isFields(value) && !Object.hasOwn(value, 'service') ? ['blue-green: service is missing: name the Service'] : [];
  if (service === undefined) return { blueGreen: undefined, problems: [...problems, ...missing] };
  const { blue = `${service}-blue`, green = `${service}-green` } = fields;
  const same = blue === green ? ['blue-green: blue and green are the same Deployment: name two'] : [];
  const mirrored =
    preview === service ? ['blue-green: preview is the live Service: name another one, or leave it out'] : [];
  return {
    blueGreen: {
      ...{ service, blue, green },
      ...(preview !== undefined && { preview }),
      ...(scaleDownDelayMs !== undefined && { scaleDownDelayMs }),
    },
    problems: [...problems, ...same, ...mirrored],
  };
}

/** What goes with a pair of Deployments; a problem each. */
export function besideBlueGreen(inputs: Readonly<Record<'deployment' | 'canary', string>>): readonly string[] {
  return [
    ...(inputs.deployment.trim() === '' ? [] : ['deployment: leave it out, since blue-green names the Deployments']),
    ...(inputs.canary.trim() === '' ? [] : ['canary: leave it out, since blue-green switches all pods at once']),
  ];
}

/** The checks that can be made before the switch: those of the live Service, through the preview Service. */
export function previewChecks(specs: readonly CheckSpec[], { service, preview }: BlueGreen): readonly CheckSpec[] {
  if (preview === undefined) return [];
  return specs.flatMap((spec) =>
    spec.kind === 'service' && spec.service === service ? [{ ...spec, service: preview }] : [],
  );
}

function named(pattern: RegExp, what: string): Rule<string> {
  return (value) => {
    const name = typeof value === 'string' ? value.replace(/^(deployments?|deploy|services?|svc)(\.apps)?\//, '') : '';
    return pattern.test(name) ? { value: name } : { problem: `${shown(value)} is no name of ${what}` };
  };
}
