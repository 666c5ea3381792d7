/** Anything that JSON can say. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

/** An operation to keep, as the description names it. */
export interface KeptOperation {
  readonly method: string;
  readonly template: string;
}

/** Keeps of an OpenAPI description only some operations, what they refer to, and what a validator reads of that. */
export function pruneDescription(api: object, operations: readonly KeptOperation[]): JsonObject {
  const description = api as JsonObject;
  const paths: Record<string, Record<string, Json>> = {};
  for (const { method, template } of operations) {
    const operation = at(description, ['paths', template, method.toLowerCase()]);
    if (operation === undefined) throw new Error(`${method} ${template} is not in the description`);
    paths[template] = { ...paths[template], [method.toLowerCase()]: bare(operation) };
  }
  const components: Record<string, Record<string, Json>> = {};
  const wanted = references(paths);
  for (const reference of wanted) {
    const [, , kind = '', name = ''] = reference.split('/');
    const found = at(description, ['components', kind, name]);
    if (found === undefined) throw new Error(`${reference} is not in the description`);
    const component = bare(found);
    components[kind] = { ...components[kind], [name]: component };
    // A set that grows while it is read is read to its end.
    for (const further of references(component)) wanted.add(further);
  }
  return { openapi: at(description, ['openapi']) ?? '', paths, components };
}

/** Prose, examples and GitHub's own extensions say nothing to a validator. */
const PROSE =
  /^(title|summary|description|examples?|tags|operationId|externalDocs|deprecated|headers|links|servers|x-.*)$/;
/** Below these, names are of things described, not of OpenAPI. */
const MAPS = /^(properties|content|responses)$/;

function bare(value: Json, inMap = false): Json {
  if (Array.isArray(value)) return value.map((each) => bare(each));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([name]) => inMap || !PROSE.test(name));
  return Object.fromEntries(
    entries.map(([name, each]) => [name, name === 'enum' ? each : bare(each, !inMap && MAPS.test(name))]),
  );
}

function references(value: Json): Set<string> {
  const found = new Set<string>();
  const visit = (each: Json) => {
    if (each === null || typeof each !== 'object') return;
    for (const [name, inner] of Object.entries(each)) {
      if (name === '$ref' && typeof inner === 'string') found.add(inner);
      else visit(inner);
    }
  };
  visit(value);
  return found;
}

function at(value: Json, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (inner, name) => (inner as Record<string, Json | undefined> | undefined)?.[name],
    value,
  );
}
