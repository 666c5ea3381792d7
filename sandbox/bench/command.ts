/** A program to run, with nothing of this process's environment but what it names. */
export interface Command {
  readonly file: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What is to be rolled back: Deployments of one namespace, by name, to one release. */
export interface RollbackTarget {
  readonly deployments: readonly string[];
  readonly release: string;
}

/** One of the two sides of a comparison: the same jobs, each as one command. */
export interface Tool {
  readonly name: 'action' | 'kubectl';
  /** How its requests begin to name themselves to the API server. */
  readonly userAgent: string;
  readonly rollback: (kubeconfig: string, target: RollbackTarget) => Command;
  readonly history: (kubeconfig: string, deployment: string) => Command;
}
