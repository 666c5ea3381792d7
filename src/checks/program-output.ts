const KEPT_BYTES = 65_536;

/** What a program writes: of much, only the end is kept. */
export interface ProgramOutput {
  take(bytes: Buffer): void;
  /** Bytes so far. */
  size(): number;
  /** The last line that is not blank; empty without one. */
  lastLine(): string;
}

export function createProgramOutput(): ProgramOutput {
  let end: Buffer = Buffer.alloc(0);
  let size = 0;
  return {
    take(bytes) {
      size += bytes.length;
      end = Buffer.concat([end, bytes]).subarray(-KEPT_BYTES);
    },
    size: () => size,
    lastLine: () =>
      end
        .toString('utf8')
        .split(/[\r\n]+/)
        .findLast((line) => line.trim() !== '') ?? '',
  };
}
