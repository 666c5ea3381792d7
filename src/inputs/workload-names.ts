import type { WorkloadKind, WorkloadRef } from '../ports.ts';
import { showRelease } from '../release/release-text.ts';

/** A workload of the run's namespace. */
export type WorkloadName = Omit<WorkloadRef, 'namespace'>;

/** RFC 1123 label. */
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LONGEST_LABEL = 63;
const LONGEST_SUBDOMAIN = 253;

/** As kubectl knows them. */
const KINDS: readonly (readonly [RegExp, WorkloadKind])[] = [
  [/^deploy(ments?)?(\.apps)?$/i, 'deployment'],
  [/^(sts|statefulsets?)(\.apps)?$/i, 'statefulset'],
  [/^(ds|daemonsets?)(\.apps)?$/i, 'daemonset'],
];

/**
 * Workloads out of a list with commas or lines; each once, in the order given. `web` and `deployment/web` are a
 * Deployment, `statefulset/db` and `daemonset/agent` say their kind.
 */
export function parseWorkloadNames(text: string): {
  readonly workloads: readonly WorkloadName[];
  readonly problems: readonly string[];
} {
  const items = text
    .split(/[,\r\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) return { workloads: [], problems: ['deployment is empty: name one or more Deployments'] };
  const parsed = items.map(parseName);
  const workloads = new Map(parsed.flatMap((each) => (each.workload ? [[keyOf(each.workload), each.workload]] : [])));
  const problems = new Set(parsed.flatMap(({ problem }) => problem ?? []));
  return { workloads: [...workloads.values()], problems: [...problems] };
}

function parseName(item: string): { readonly workload?: WorkloadName; readonly problem?: string } {
  const slash = item.indexOf('/');
  const prefix = item.slice(0, Math.max(0, slash));
  const kind = slash < 0 ? 'deployment' : KINDS.find(([pattern]) => pattern.test(prefix))?.[1];
  if (!kind) {
    const known = 'name a deployment, a statefulset or a daemonset';
    return { problem: `deployment "${showRelease(item)}": ${showRelease(prefix)} is not supported; ${known}` };
  }
  const name = item.slice(slash + 1);
  if (name.length <= LONGEST_SUBDOMAIN && name.split('.').every((label) => LABEL.test(label)))
    return { workload: { kind, name } };
  const allowed = rule('- and .', LONGEST_SUBDOMAIN);
  return { problem: `${kind} "${showRelease(name)}" is not a name that Kubernetes allows: ${allowed}` };
}

function keyOf({ kind, name }: WorkloadName): string {
  return `${kind}/${name}`;
}

/** What is wrong with a namespace's name; undefined for a good one and for none. */
export function namespaceProblem(name: string): string | undefined {
  if (name === '' || (name.length <= LONGEST_LABEL && LABEL.test(name))) return undefined;
  return `namespace "${showRelease(name)}" is not a name that Kubernetes allows: ${rule('-', LONGEST_LABEL)}`;
}

function rule(signs: string, longest: number): string {
  return `use a-z, 0-9, ${signs}, at most ${longest} characters`;
}
