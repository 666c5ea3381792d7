import type { StatusCause } from '../model/api-error.ts';
import { wrong } from './field-problems.ts';

const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const labelRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** What is wrong with the values of labels. */
export function* labelProblems(field: string, labels: object): Generator<StatusCause> {
  for (const value of Object.values(labels)) {
    if (String(value).length > 63) yield wrong(field, value, 'must be no more than 63 characters');
    else if (!labelValue.test(String(value))) yield wrong(field, value, labelRule);
  }
}
