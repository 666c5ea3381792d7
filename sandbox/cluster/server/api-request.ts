import { load } from 'js-yaml';
import { badRequest } from '../model/api-error.ts';
import type { WriteOptions } from '../registry/registry.ts';
import type { User } from './authentication.ts';
import type { ApiIncoming } from './listener.ts';
import { decodeProtobuf } from './protobuf.ts';
import type { ResourceRequest } from './request-path.ts';

/** An authenticated request for a resource, with its body read. */
export interface ApiRequest extends ResourceRequest {
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly contentType: string;
  readonly userAgent: string;
  readonly user: User;
  /** The parsed body, or undefined where there is none. */
  readonly body: unknown;
}

/** The options of a write that travel in the query; the manager's default is the User-Agent up to its first slash. */
export const writeOptions = ({ query, userAgent }: ApiRequest): WriteOptions => ({
  manager: query.get('fieldManager') || (userAgent.split('/')[0] ?? '') || 'unknown',
  dryRun: query.getAll('dryRun').includes('All'),
  strict: query.get('fieldValidation') === 'Strict',
});

/** Reads and parses a body: JSON, YAML as server-side apply may send it, or protobuf as kubectl sometimes does. */
export const readBody = async (request: ApiIncoming): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (bytes.length === 0) return undefined;
  const type = request.headers['content-type'] ?? '';
  if (type.includes('protobuf')) return decodeProtobuf(bytes);
  const text = bytes.toString('utf8');
  try {
    return type.includes('yaml') ? load(text) : JSON.parse(text);
  } catch (error) {
    throw badRequest(`the object provided is unrecognized: ${(error as Error).message}`);
  }
};
