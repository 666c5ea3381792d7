import { showRelease } from '../release/release-text.ts';

/** RFC 1123 label. */
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LONGEST_LABEL = 63;
const LONGEST_SUBDOMAIN = 253;

/** Names of Deployments out of a list with commas or lines; each once, in the order given. `deployment/web` is `web`. */
export function parseWorkloadNames(text: string): {
  readonly names: readonly string[];
  readonly problems: readonly string[];
} {
  const items = text
    .split(/[,\r\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) return { names: [], problems: ['deployment is empty: name one or more Deployments'] };
  const names = [...new Set(items.map((item) => item.replace(/^deploy(ments?)?(\.apps)?\//i, '')))];
  return { names, problems: names.flatMap((name) => problemOf(name) ?? []) };
}

/** What is wrong with a namespace's name; undefined for a good one and for none. */
export function namespaceProblem(name: string): string | undefined {
  if (name === '' || (name.length <= LONGEST_LABEL && LABEL.test(name))) return undefined;
  return `namespace "${showRelease(name)}" is not a name that Kubernetes allows: ${rule('-', LONGEST_LABEL)}`;
}

/** As the API server demands of a Deployment's name: an RFC 1123 subdomain. */
function problemOf(name: string): string | undefined {
  const [kind = '', rest] = name.split('/');
  if (rest !== undefined)
    return `deployment "${showRelease(name)}": ${showRelease(kind)} is not supported yet; name a Deployment`;
  if (name.length <= LONGEST_SUBDOMAIN && name.split('.').every((label) => LABEL.test(label))) return undefined;
  return `deployment "${showRelease(name)}" is not a name that Kubernetes allows: ${rule('- and .', LONGEST_SUBDOMAIN)}`;
}

function rule(signs: string, longest: number): string {
  return `use a-z, 0-9, ${signs}, at most ${longest} characters`;
}
