/** A number compares as a number, anything else as text. */
export type Identifier = bigint | string;

/** A release's name read as a version. */
export interface Version {
  /** One or more; a missing one counts as 0. Octopus calls the first four major, minor, build and revision. */
  readonly parts: readonly bigint[];
  readonly prerelease: readonly Identifier[];
  readonly metadata: string;
}

/** A hostile annotation may hold 256 KiB of digits; what is longer than any sane version is none. */
const LONGEST_VERSION = 1000;

const IDENTIFIERS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const VERSION = new RegExp(`^[vV]?(\\d+(?:\\.\\d+)*)(?:-(${IDENTIFIERS}))?(?:\\+(${IDENTIFIERS}))?$`);
const ISO_DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/;

/**
 * Reads a name as a SemVer 2 version, widened by what release names need: a leading `v`, one or more numeric parts
 * of any size, leading zeros, and dates such as `2026-11-21`. Undefined for every other name.
 */
export function parseVersion(name: string): Version | undefined {
  if (name.length > LONGEST_VERSION) {
    return undefined;
  }
  const [, parts, prerelease, metadata] = VERSION.exec(name.replace(ISO_DATE, '$1.$2.$3')) ?? [];
  return parts === undefined
    ? undefined
    : {
        parts: parts.split('.').map(BigInt),
        prerelease: prerelease?.split('.').map(readIdentifier) ?? [],
        metadata: metadata ?? '',
      };
}

function readIdentifier(text: string): Identifier {
  return /^\d+$/.test(text) ? BigInt(text) : text;
}
