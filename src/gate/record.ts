/** A record as GitHub keeps it: who wrote it is GitHub's word, what it says is the writer's. */
export interface StoredRecord {
  /** Grows with every record: their order. */
  readonly id: number;
  readonly environment: string;
  readonly task: string;
  /** Login of whoever wrote it. */
  readonly creator: string;
  /** Slug of the App whose token it was written with; empty where GitHub names none, as for a person's own or a bot's. */
  readonly app: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly payload: unknown;
}

/** A release may not enter any further environment until somebody lifts this. */
export interface BlockRecord extends Said {
  readonly kind: 'release-block';
  /** Where it proved bad; empty where nobody said. */
  readonly environment: string;
}

/** Lifts every record about the release up to one; what came after that stands. */
export interface UnblockRecord extends Said {
  readonly kind: 'release-unblock';
  readonly lifts: number;
}

/** What runs in an environment once a run has ended. */
export interface DeployedRecord extends Said {
  readonly kind: 'release-deployed';
  readonly environment: string;
  readonly outcome: string;
  readonly mode: string;
  /** What runs there now; empty where that is not one release. `release` is what the run was for. */
  readonly running: string;
  /** Whether `running` was seen well, through its monitor window and its checks. */
  readonly verified: boolean;
  /** The blocks that the run wrote, so that their loss can be noticed. */
  readonly blocks: readonly BlockMade[];
  readonly namespace: string;
  /** `deployment/web` */
  readonly workloads: readonly string[];
}

/** Which record blocks which release: a run that rolled a train back may have blocked several. */
export interface BlockMade {
  readonly id: number;
  readonly release: string;
}

export type GateRecord = BlockRecord | UnblockRecord | DeployedRecord;

/** What every record says. Foreign text, all of it. */
interface Said {
  readonly v: 1;
  /** Compared exactly: tasks may collide. */
  readonly release: string;
  readonly scope: string;
  readonly reason: string;
  /** Who started this attempt of the run. */
  readonly actor: string;
  readonly runUrl: string;
  /** GitHub's id of the run: the same for a re-run. */
  readonly runId: string;
  /** ISO 8601, by the writer's clock. */
  readonly at: string;
  /** The newest record about the release that the writer saw; a gap here is a record that somebody deleted. */
  readonly previous?: number;
}
