/** What only the owner of a cluster can do to it. */
export interface Machinery {
  /** Puts a release's web image into the registry, from which its first pulls fail; returns its reference. */
  readonly publish: (repository: string, release: string, failures?: number) => Promise<string>;
  /** The reference of an image that the registry says it does not have. */
  readonly absentImage: (repository: string) => Promise<string>;
  /**
   * Adds a node, once by its name, that only pods go to that tolerate `rollkey.test/node=<name>`. The images `local` are
   * not there.
   */
  readonly addNode: (name: string) => Promise<void>;
  /** Stops the kubelet of such a node and resolves when the cluster has noticed, with what starts it again. */
  readonly stopNode: (name: string) => Promise<() => Promise<void>>;
  /** Stops the controllers and, a second later, starts them again. */
  readonly restartControllers: () => Promise<void>;
  /** Gives a namespace an admission webhook that times out for the first new pods and admits all others. */
  readonly addWebhook: (namespace: string, timeOuts: number) => Promise<void>;
  /**
   * Tells the autoscalers of a namespace how many thousandths of a processor its ready pods share. Undefined where no
   * autoscaler runs.
   */
  readonly load?: (namespace: string, millicores: number) => Promise<void>;
}
