import type { ErrorObject } from 'ajv';

/** What GitHub answers to a body that its schema does not allow. */
export function refusalOfBody(errors: readonly ErrorObject[]): string {
  // What is said of a union's branches is not said of the union.
  const unions = errors.filter(({ keyword }) => keyword === 'oneOf').map(({ schemaPath }) => schemaPath);
  const own = errors.filter(({ schemaPath }) => !unions.some((union) => schemaPath.startsWith(`${union}/`)));
  const missing = own.filter(({ keyword }) => keyword === 'required').map(({ params }) => params['missingProperty']);
  const wrong = own.filter(({ keyword }) => keyword !== 'required').map(complaint);
  const lines = [...missing.map((name) => `"${name}" wasn't supplied.`), ...wrong];
  return `Invalid request.\n\n${lines.join('\n')}`;
}

function complaint({ instancePath, keyword, params, data, message }: ErrorObject): string {
  if (instancePath === '') return `For 'links/0/schema', ${inspected(data)} is not an object.`;
  const where = `For '${instancePath.slice(1).replace(/^/, 'properties/')}'`;
  switch (keyword) {
    case 'type':
      return `${where}, ${inspected(data)} is not ${article(params['type'])}.`;
    case 'enum':
      return `${where}, ${inspected(data)} is not a member of ${JSON.stringify(params['allowedValues'])}.`;
    case 'oneOf':
      return `${where}, no subschema in "oneOf" matched.`;
    default:
      return `${where}, ${message}.`;
  }
}

/** As Ruby would write it. */
function inspected(value: unknown): string {
  return value === null || value === undefined ? 'nil' : JSON.stringify(value);
}

function article(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}
