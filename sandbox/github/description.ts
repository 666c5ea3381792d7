import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Operation } from './call.ts';
import { refusalOfBody } from './refused-body.ts';
import type { Reply } from './reply.ts';

/** What the official description says of a request. */
export interface RequestVerdict {
  /** What GitHub answers in words of its own; undefined where it carries the request out. */
  readonly refusal?: string;
  /** What GitHub overlooks, and no client means: names it does not know, queries of the wrong type. */
  readonly overlooked: readonly string[];
}

export interface Description {
  readonly judge: (operation: Operation, query: Readonly<Record<string, string>>, body: unknown) => RequestVerdict;
  /** What is wrong with an answer to an operation. */
  readonly problemsOf: (operation: Operation, reply: Reply) => readonly string[];
}

interface Schema {
  readonly $ref?: string;
  readonly schema?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly content?: { readonly 'application/json': { readonly schema: Schema } };
}

interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly schema: Schema;
}

interface Described {
  readonly parameters?: readonly (Parameter & Schema)[];
  readonly requestBody?: Schema;
  readonly responses: Readonly<Record<string, Schema>>;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
}

const ROOT = 'github';
const ERROR: Schema = { $ref: `${ROOT}#/components/schemas/basic-error` };
/** More than this GitHub takes for this. */
const LARGEST_PAGE = 100;

/** Reads the part of GitHub's official description that the fake serves; `scripts/openapi.ts` writes it. */
export function readDescription(): Description {
  const api = JSON.parse(readFileSync(join(import.meta.dirname, 'openapi.json'), 'utf8')) as OpenApi;
  const options = { strict: false, allErrors: true, verbose: true, validateSchema: false } as const;
  // An address that nobody gave is '' on GitHub, by the description's own defaults.
  const uri = (text: string) => text === '' || URL.canParse(text);
  const bodies = addFormats.default(new Ajv(options)).addFormat('uri', uri).addSchema(api, ROOT);
  const queries = addFormats.default(new Ajv({ ...options, coerceTypes: true }));
  const compiled = new Map<string, ValidateFunction>();
  const validator = (ajv: Ajv, key: string, schema: () => Schema): ValidateFunction => {
    const known = compiled.get(key) ?? ajv.compile(schema());
    compiled.set(key, known);
    return known;
  };
  const resolve = <T extends Schema>(schema: T): T => {
    const [, , kind = '', name = ''] = schema.$ref?.split('/') ?? [];
    return (api.components[kind]?.[name] as T | undefined) ?? schema;
  };
  const described = ({ method, template }: Operation): Described => {
    const found = api.paths[template]?.[method.toLowerCase()];
    if (!found) throw new Error(`${method} ${template} is not in openapi.json; run scripts/openapi.ts`);
    return found;
  };

  return {
    judge: (operation, query, body) => {
      const key = `${operation.method} ${operation.template}`;
      const { parameters = [], requestBody } = described(operation);
      const inQuery = parameters.map((each) => resolve(each)).filter((each) => each.in === 'query');
      const properties = Object.fromEntries(inQuery.map(({ name, schema }) => [name, schema]));
      const ofQuery = validator(queries, `${key} query`, () => ({ type: 'object', properties }) as Schema);
      const wrong = ofQuery({ ...query })
        ? []
        : (ofQuery.errors ?? []).map(({ instancePath, message }) => `${instancePath.slice(1)} ${message}`);
      const schema = requestBody?.content?.['application/json'].schema;
      const overlooked = [
        ...wrong,
        ...unknownNames('query', query, properties),
        ...(Number(query['per_page']) > LARGEST_PAGE ? [`per_page is at most ${LARGEST_PAGE}`] : []),
        ...unknownNames('body', body, schema?.properties ?? {}),
      ];
      const ofBody = schema && validator(bodies, `${key} body`, () => anchored(schema));
      if (!ofBody || ofBody(body)) return { overlooked };
      return { overlooked, refusal: refusalOfBody(ofBody.errors as readonly ErrorObject[]) };
    },
    problemsOf: (operation, { status, body }) => {
      const key = `${operation.method} ${operation.template} ${status}`;
      const declared = described(operation).responses[status];
      if (!declared && status < 400) return [`${status} is no answer to ${operation.method} ${operation.template}`];
      const schema = declared ? resolve(declared).content?.['application/json'].schema : ERROR;
      if (!schema) return [];
      const ofReply = validator(bodies, key, () => anchored(schema));
      if (ofReply(body)) return [];
      return (ofReply.errors ?? []).map(({ instancePath, message }) => `${key}: ${instancePath} ${message}`);
    },
  };
}

/** References within the description, from outside of it. */
function anchored(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${ROOT}#/`));
}

function unknownNames(where: string, given: unknown, known: Readonly<Record<string, unknown>>): readonly string[] {
  if (typeof given !== 'object' || given === null) return [];
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(known, name));
  return unknown.map((name) => `there is no ${JSON.stringify(name)} in its ${where}`);
}
