import { groupResource, type Resource } from './resource.ts';

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** A failure as the API answers it; `toStatus` gives the Status object of the response body. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly reason: string;
  readonly details: object | undefined;
  constructor(code: number, reason: string, message: string, details?: object) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

/** The `v1` Status object that carries an error to the client. */
export const toStatus = (error: ApiError): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: error.message,
  reason: error.reason,
  ...(error.details === undefined ? {} : { details: error.details }),
  code: error.code,
});

const detailsOf = (resource: Resource, name: string) => ({
  name,
  ...(resource.group === '' ? {} : { group: resource.group }),
  kind: resource.plural,
});

export const notFound = (resource: Resource, name: string): ApiError =>
  new ApiError(404, 'NotFound', `${groupResource(resource)} "${name}" not found`, detailsOf(resource, name));

export const alreadyExists = (resource: Resource, name: string): ApiError =>
  new ApiError(409, 'AlreadyExists', `${groupResource(resource)} "${name}" already exists`, detailsOf(resource, name));

export const conflict = (resource: Resource, name: string, message: string): ApiError =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${groupResource(resource)} "${name}": ${message}`,
    detailsOf(resource, name),
  );

/** The wording of a lost optimistic lock. */
export const staleWrite = (resource: Resource, name: string): ApiError =>
  conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

/** 422 with one cause per field, worded as `k8s.io/apimachinery/pkg/api/errors.NewInvalid` does. */
export const invalid = (resource: Resource, name: string, causes: readonly StatusCause[]): ApiError => {
  const list = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const text = list.length === 1 ? list[0] : `[${list.join(', ')}]`;
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  return new ApiError(422, 'Invalid', `${kind} "${name}" is invalid: ${text}`, {
    name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.kind,
    causes,
  });
};

/** 422 of a patch that cannot be carried out: the API server does not say which `test` failed. */
export const unprocessablePatch = (): ApiError =>
  new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

export const badRequest = (message: string): ApiError => new ApiError(400, 'BadRequest', message);

export const forbidden = (resource: Resource, name: string, message: string): ApiError =>
  new ApiError(
    403,
    'Forbidden',
    `${groupResource(resource)}${name === '' ? '' : ` "${name}"`} is forbidden: ${message}`,
    detailsOf(resource, name),
  );

export const expired = (from: number, oldest: number): ApiError =>
  new ApiError(410, 'Expired', `too old resource version: ${from} (${oldest})`);

export const unknownPath = (): ApiError =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});

/** 415 for a content type that names no kind of patch. */
export const unsupportedPatch = (): ApiError =>
  new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
