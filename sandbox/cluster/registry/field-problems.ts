import type { StatusCause } from '../model/api-error.ts';

const problem = (
  reason: 'Invalid' | 'Required' | 'TooLong' | 'Duplicate' | 'Forbidden',
  field: string,
  message: string,
) => ({ reason: `FieldValue${reason}`, message, field }) satisfies StatusCause;

/** The causes of a 422, worded as `k8s.io/apimachinery/pkg/util/validation/field` does. */
export const required = (field: string, detail = ''): StatusCause =>
  problem('Required', field, `Required value${detail === '' ? '' : `: ${detail}`}`);

export const wrong = (field: string, value: unknown, detail: string): StatusCause =>
  problem('Invalid', field, `Invalid value: ${JSON.stringify(value)}: ${detail}`);

export const duplicate = (field: string, value: string): StatusCause =>
  problem('Duplicate', field, `Duplicate value: "${value}"`);

export const notAllowed = (field: string, detail: string): StatusCause =>
  problem('Forbidden', field, `Forbidden: ${detail}`);

export const tooLong = (field: string, bytes: number): StatusCause =>
  problem('TooLong', field, `Too long: may not be more than ${bytes} bytes`);
