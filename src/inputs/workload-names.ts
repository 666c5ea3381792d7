/** RFC 1123 subdomain, as the API server demands of a Deployment's name. */
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** Names of Deployments out of a list with commas or lines; each once, in the order given. `deployment/web` is `web`. */
export function parseWorkloadNames(text: string): {
  readonly names: readonly string[];
  readonly problems: readonly string[];
} {
  const items = text
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) return { names: [], problems: ['deployment is empty: name one or more Deployments'] };
  const names = items.map((item) => item.replace(/^deployments?(\.apps)?\//, ''));
  const problems = [...new Set(names)].flatMap((name) => problemOf(name) ?? []);
  return { names: [...new Set(names)], problems };
}

/** What is wrong with a namespace's name; undefined for a good one and for none. */
export function namespaceProblem(name: string): string | undefined {
  const good = name === '' || (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= 63);
  return good ? undefined : `namespace "${name.slice(0, 80)}" is not a name that Kubernetes allows: use a-z, 0-9 and -`;
}

function problemOf(name: string): string | undefined {
  const [kind, rest] = name.split('/');
  if (rest !== undefined) return `deployment "${name.slice(0, 80)}": ${kind} is not supported yet; name a Deployment`;
  return NAME.test(name) && name.length <= 253
    ? undefined
    : `deployment "${name.slice(0, 80)}" is not a name that Kubernetes allows: use a-z, 0-9, - and .`;
}
