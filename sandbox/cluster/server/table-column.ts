import type { KubeObject } from '../model/kubernetes-objects.ts';

/** One column of what `kubectl get` prints. */
export interface Column {
  readonly name: string;
  /** Shown only with `kubectl get -o wide`. */
  readonly wide?: boolean;
  readonly cell: (object: KubeObject, now: number) => string | number;
}

/** A column with a cell for every object of a kind; `wide` ones are shown with `-o wide` only. */
export const column = <T extends KubeObject>(
  label: string,
  cell: (object: T) => string | number,
  wide = false,
): Column => ({
  name: label,
  wide,
  cell: (object) => cell(object as T),
});
