import type { Operation } from './call.ts';
import { deploymentOperations } from './deployment-operations.ts';
import { reviewOperations } from './review-operations.ts';
import { statusOperations } from './status-operations.ts';

/** All that the fake serves. */
export const operations: readonly Operation[] = [...deploymentOperations, ...statusOperations, ...reviewOperations];

export interface Route {
  readonly operation: Operation;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds the operation for a method and a path; undefined where GitHub has none, or not here. */
export function routeOf(method: string, path: string): Route | undefined {
  for (const operation of operations) {
    const parameters = operation.method === method ? parametersOf(operation.template, path) : undefined;
    if (parameters) return { operation, parameters };
  }
  return undefined;
}

function parametersOf(template: string, path: string): Route['parameters'] | undefined {
  const [wanted, given] = [template.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    const name = /^\{(.*)\}$/.exec(part)?.[1];
    if (name === undefined && part !== value) return undefined;
    if (name !== undefined) parameters[name] = decodeURIComponent(value);
  }
  return parameters;
}
