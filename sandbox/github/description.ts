import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Operation } from './call.ts';
import { readOpenApi, type Schema } from './openapi.ts';
import { refusalOfBody } from './refused-body.ts';
import type { Reply } from './reply.ts';

/** What is wrong with a request. */
export interface RequestProblems {
  /** What GitHub answers, in words of its own; undefined where it carries the request out. */
  readonly refusal: string | undefined;
  /** What GitHub overlooks and no client means: names that it does not know, queries of the wrong type. */
  readonly overlooked: readonly string[];
}

/** GitHub's official description, which requests and answers are held to. */
export interface Description {
  readonly ofRequest: (operation: Operation, query: Query, body: unknown) => RequestProblems;
  readonly ofReply: (operation: Operation, reply: Reply) => readonly string[];
}

type Query = Readonly<Record<string, string>>;

const ROOT = 'github';
/** GitHub answers so where its description names no answer. */
const ANY_REFUSAL: Schema = { $ref: '#/components/schemas/basic-error' };
/** GitHub's prose says so, its schema not; more is taken for this. */
const LARGEST_PAGE = 100;

/** Reads the description; schemas are compiled when they are first needed. */
export function readDescription(): Description {
  const { document, describe } = readOpenApi();
  const options = { strict: false, allErrors: true, verbose: true } as const;
  // An address that nobody gave is '' on GitHub, by the description's own defaults.
  const uri = (text: string) => text === '' || URL.canParse(text);
  const bodies = addFormats.default(new Ajv(options)).addFormat('uri', uri).addSchema(document, ROOT);
  const queries = new Ajv({ ...options, coerceTypes: true });
  const compiled = new Map<string, ValidateFunction>();
  const errorsOf = (ajv: Ajv, key: string, schema: Schema, value: unknown): readonly ErrorObject[] => {
    const validate = compiled.get(key) ?? ajv.compile(anchored(schema));
    compiled.set(key, validate);
    return validate(value) ? [] : (validate.errors ?? []);
  };

  return {
    ofRequest: (operation, query, body) => {
      const described = describe(operation);
      const key = `${operation.method} ${operation.template}`;
      // Ajv writes the numbers that it reads into what it is given.
      const ofQuery = errorsOf(queries, `${key} query`, described.query, { ...query });
      const ofBody = described.body ? errorsOf(bodies, `${key} body`, described.body, body) : [];
      return {
        refusal: ofBody.length > 0 ? refusalOfBody(ofBody) : undefined,
        overlooked: [
          ...ofQuery.map(({ instancePath, message }) => `${instancePath.slice(1)} ${message}`),
          ...unknownNames('query', query, described.query),
          ...(Number(query['per_page']) > LARGEST_PAGE ? [`per_page is at most ${LARGEST_PAGE}`] : []),
          ...unknownNames('body', body, described.body ?? {}),
        ],
      };
    },
    ofReply: (operation, { status, body }) => {
      const { answers } = describe(operation);
      const key = `${operation.method} ${operation.template} ${status}`;
      const isDescribed = Object.hasOwn(answers, status);
      if (!isDescribed && status < 400) return [`${key} is not in the description`];
      const schema = isDescribed ? answers[status] : ANY_REFUSAL;
      const errors = schema ? errorsOf(bodies, key, schema, body) : [];
      return errors.map(({ instancePath, message }) => `${key}: ${instancePath} ${message}`);
    },
  };
}

/** A part of the description refers to others from outside of it. */
function anchored(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${ROOT}#/`));
}

function unknownNames(where: string, given: unknown, { properties = {} }: Schema): readonly string[] {
  if (typeof given !== 'object' || given === null) return [];
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(properties, name));
  return unknown.map((name) => `there is no ${JSON.stringify(name)} in its ${where}`);
}
