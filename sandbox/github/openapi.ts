import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Operation } from './call.ts';

/** A JSON schema, as far as it is looked into. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** What the description says of one operation. */
export interface DescribedOperation {
  readonly query: Schema & { readonly properties: Readonly<Record<string, Schema>> };
  /** Undefined where the operation takes none. */
  readonly body: Schema | undefined;
  /** By status; undefined where the answer has no body. */
  readonly answers: Readonly<Record<string, Schema | undefined>>;
}

export interface OpenApi {
  /** The whole of it; schemas refer into it by `#/components/…`. */
  readonly document: object;
  /** Throws for an operation that is not described. */
  readonly describe: (operation: Operation) => DescribedOperation;
}

interface Content extends Schema {
  readonly content?: { readonly 'application/json': { readonly schema: Schema } };
}

interface Parameter extends Schema {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly schema: Schema;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
}

interface Described {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

/** Reads the part of GitHub's official description that the fake serves; `scripts/openapi.ts` writes it. */
export function readOpenApi(): OpenApi {
  const document = JSON.parse(readFileSync(join(import.meta.dirname, 'openapi.json'), 'utf8')) as Document;
  const resolved = <T extends Schema>(reference: T): T => {
    const [, , kind = '', name = ''] = reference.$ref?.split('/') ?? [];
    return (document.components[kind]?.[name] as T | undefined) ?? reference;
  };
  const schemaOf = (content: Content | undefined) => content?.content?.['application/json'].schema;
  return {
    document,
    describe: ({ method, template }) => {
      const described = document.paths[template]?.[method.toLowerCase()];
      if (!described) throw new Error(`${method} ${template} is not in openapi.json; run scripts/openapi.ts`);
      const { parameters = [], requestBody, responses } = described;
      const inQuery = parameters.map(resolved).filter((each) => each.in === 'query');
      const answers = Object.entries(responses).map(([status, each]) => [status, schemaOf(resolved(each))]);
      return {
        query: { type: 'object', properties: Object.fromEntries(inQuery.map(({ name, schema }) => [name, schema])) },
        body: schemaOf(requestBody),
        answers: Object.fromEntries(answers),
      };
    },
  };
}
