const REDACTED = '***';

/** What is longer is cut before it is searched, so that no line costs much. */
const LONGEST_SEARCHED = 4096;
/** Shorter ones would hide ordinary words. */
const SHORTEST_SECRET = 6;
/** Characters of a secret's beginning that nobody writes by chance: `production` may be the value of a header. */
const LONG_START = 12;

/**
 * Lines of somebody's log without what looks like a credential, and without the `secrets` that are known. Searches at
 * most 4096 characters of a line and returns no more.
 */
export function redactLines(lines: readonly string[], secrets: readonly string[] = []): readonly string[] {
  const ofKeys = linesOfPrivateKeys(lines);
  return lines.map((line, index) => (ofKeys.has(index) ? REDACTED : redact(line, secrets)));
}

/** One line without what looks like a credential, and without the `secrets` that are known. */
export function redact(line: string, secrets: readonly string[] = []): string {
  const searched = line.slice(0, LONGEST_SEARCHED);
  const unknown = withoutKnown(searched, secrets);
  return PATTERNS.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), unknown);
}

function withoutKnown(line: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => secret.split(/\r?\n/))
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((one, other) => other.length - one.length)
    .reduce((text, secret) => withoutStart(text.replaceAll(secret, REDACTED), secret), line);
}

/**
 * Many a line was cut before it came here: what stands before `…` may be the start of a secret, and so may what ends the
 * line, where it is too long for chance.
 */
function withoutStart(line: string, secret: string): string {
  const head = secret.slice(0, SHORTEST_SECRET);
  const longEnough = Math.max(SHORTEST_SECRET, Math.min(LONG_START, secret.length - 2));
  let [clean, rest] = ['', 0];
  for (let at = line.indexOf(head); at >= 0; at = line.indexOf(head, at + 1)) {
    let end = at + head.length;
    while (end < line.length && line[end] === secret[end - at]) end += 1;
    const isCut = line[end] === '…' || (end === line.length && end - at >= longEnough);
    if (at < rest || !isCut) continue;
    clean += line.slice(rest, at) + REDACTED;
    rest = end;
  }
  return clean + line.slice(rest);
}

/** Where private keys stand that go over several lines; the first lines may be missing, as in the tail of a log. */
function linesOfPrivateKeys(lines: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  let inside = false;
  for (const [index, line] of lines.entries()) {
    const [begins, ends] = [line.includes('-----BEGIN') && line.includes('PRIVATE KEY'), isEnd(line)];
    if (ends && !inside && !begins) {
      for (let above = index - 1; isBase64(lines[above]); above -= 1) found.add(above);
    }
    inside ||= begins;
    if (inside || ends) found.add(index);
    if (ends) inside = false;
  }
  return found;
}

function isEnd(line: string): boolean {
  return line.includes('-----END') && line.includes('PRIVATE KEY');
}

function isBase64(line: string | undefined): boolean {
  return /[\w+/]{40}={0,2}$/.test(line?.trim().slice(-80) ?? '');
}

const SECRET_WORD = [
  'pass(?:word|wd|phrase)',
  '[_.-]pass',
  'pwd',
  'secret(?:[_-]?(?:key|value|id)(?:[_-]?base)?)?',
  'token(?:[_-]?value)?',
  'credentials?',
  '(?:api|access|private|signing|encryption|shared|account|auth|master|license|client|service)[_-]?key(?:[_-]?(?:id|data))?',
  'connection[_-]?string',
].join('|');

/** Tells nothing, but why it failed. */
const NO_SECRET = '(?:null|undefined|nil|none|true|false|missing|required|invalid|expired|empty|not|is|was)(?![\\w-])';
const VALUE = `\\\\+["'][^"']*|"(?:\\\\.|[^"\\\\])*"?|'(?:\\\\.|[^'\\\\])*'?|(?!${NO_SECRET}|["'\\\\])[^\\s,;&"'<>]+`;

/** In this order: what names itself first, then what is named by what stands before it. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/(?<!\w)(?:gh[oprsu]_[\w.-]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|npm_[A-Za-z0-9]{30,})/g, REDACTED],
  [/(?<!\w)(?:xox[a-z]-|xapp-|hvs\.|sk-|[rs]k_(?:live|test)_|SG\.)[\w.-]{16,}/g, REDACTED],
  [/(?<!\w)(?:(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{30,})(?!\w)/g, REDACTED],
  // JSON Web Tokens begin with `{"` in base64; keys in a kubeconfig with `-----BEGIN`.
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)*/g, REDACTED],
  [/(?<![\w+/])LS0tLS1CRUdJTi[\w+/]{20,}={0,2}/g, REDACTED],
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY.*/g, REDACTED],
  [
    /\b((?:proxy-)?authorization\\*["']?\s{0,3}[:=]\s{0,3}\\*["']?(?:[a-z]{1,20} {1,3}(?=[^\s"',;]))?)[^\s"',;]+/gi,
    `$1${REDACTED}`,
  ],
  [/\b((?:set-)?cookie\\*["']?\s{0,3}[:=]\s{0,3}).+/gi, `$1${REDACTED}`],
  // Not `Basic authentication`: prose has neither digits nor capitals within its words.
  [
    /\b((?:[Bb]earer|BEARER|[Bb]asic|BASIC) {1,3})(?=[a-z+/.~_-]{0,200}[A-Z0-9=]|[A-Z][a-z+/.~_-]{0,200}[A-Z0-9=])[\w+/=.~-]{8,}/g,
    `$1${REDACTED}`,
  ],
  [/(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{1,30}:\/\/)[^\s/"'<>]+@/gi, `$1${REDACTED}@`],
  [new RegExp(`((?:${SECRET_WORD})\\\\*["']?\\s{0,3}(?:=>|:=|[:=])\\s{0,3})(?:${VALUE})`, 'gi'), `$1${REDACTED}`],
  [new RegExp(`(--?[\\w-]{0,40}(?:${SECRET_WORD}) {1,3})(?!-)[^\\s"']+`, 'gi'), `$1${REDACTED}`],
  [/\b(key[\w-]{0,40}\\*["']?\s{0,3}[:=]?\s{0,3}["']?)(?![0-9a-f]+(?![\w+/]))[\w+/-]{60,}={0,2}/gi, `$1${REDACTED}`],
];
