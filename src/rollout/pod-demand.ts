import type { PodTemplate } from './objects.ts';
import { type Amount, parseQuantity } from './quantity.ts';

/** What one pod takes, by resource: `cpu`, `memory`, … */
export interface PodDemand {
  readonly requests: ReadonlyMap<string, Amount>;
  readonly limits: ReadonlyMap<string, Amount>;
}

type Side = keyof PodDemand;
type Amounts = ReadonlyMap<string, Amount>;

interface Resources {
  readonly requests?: Readonly<Record<string, string | number>>;
  readonly limits?: Readonly<Record<string, string | number>>;
}

interface Sized {
  readonly restartPolicy?: string;
  readonly resources?: Resources;
}

/**
 * What a pod of this template counts for: its containers together, or its hungriest init container with the sidecars
 * that started before it, whichever is more, and the overhead; what is said for the whole pod goes before
 * (kubernetes/component-helpers, resource/helpers.go, PodRequests). What a LimitRange would add is not known here.
 */
export function podDemand({ spec }: PodTemplate): PodDemand {
  return { requests: sideOf(spec, 'requests'), limits: sideOf(spec, 'limits') };
}

function sideOf(spec: PodTemplate['spec'], side: Side): Amounts {
  const containers = spec.containers as readonly Sized[];
  let [sidecars, peak]: [Amounts, Amounts] = [new Map(), new Map()];
  for (const init of (spec.initContainers ?? []) as readonly Sized[]) {
    const own = amountsOf(init.resources, side);
    if (init.restartPolicy === 'Always') sidecars = sum([sidecars, own]);
    peak = most(peak, init.restartPolicy === 'Always' ? sidecars : sum([sidecars, own]));
  }
  const running = sum([sidecars, ...containers.map(({ resources }) => amountsOf(resources, side))]);
  const whole = amountsOf(spec['resources'] as Resources | undefined, side);
  const overhead = read(spec['overhead'] as Resources['requests']);
  const demand = new Map([...most(running, peak), ...whole]);
  // Overhead adds to limits only where there are some.
  const added = [...overhead].filter(([name]) => side === 'requests' || demand.has(name));
  return sum([demand, new Map(added)]);
}

/** Where only a limit is given, it is the request as well (kubernetes/kubernetes, core/v1/defaults.go). */
function amountsOf(resources: Resources | undefined, side: Side): Amounts {
  const limits = read(resources?.limits);
  return side === 'limits' ? limits : new Map([...limits, ...read(resources?.requests)]);
}

function read(amounts: Resources['requests'] = {}): Amounts {
  return new Map(
    Object.entries(amounts).flatMap(([name, text]) => {
      const amount = parseQuantity(String(text));
      return amount === undefined ? [] : [[name, amount] as const];
    }),
  );
}

function sum(all: readonly Amounts[]): Amounts {
  const total = new Map<string, Amount>();
  for (const amounts of all) for (const [name, amount] of amounts) total.set(name, (total.get(name) ?? 0n) + amount);
  return total;
}

function most(a: Amounts, b: Amounts): Amounts {
  const larger = [...b].filter(([name, amount]) => amount > (a.get(name) ?? 0n));
  return new Map([...a, ...larger]);
}
