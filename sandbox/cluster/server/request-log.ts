/** One request as the audit log of a real API server would record it. */
export interface RequestRecord {
  readonly method: string;
  /** Kubernetes' verb (get, list, watch, patch, …), or the method in lower case for paths without a resource. */
  readonly verb: string;
  readonly path: string;
  readonly query: string;
  readonly userAgent: string;
  readonly user: string;
  /** Counts the connections of this server from 1: requests with the same number shared one. */
  readonly connection: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** 0 until answered. */
  readonly code: number;
}
