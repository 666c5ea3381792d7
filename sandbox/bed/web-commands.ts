/** How a web image differs from one that works: the suffix of its tag. */
export type Fault = keyof typeof faults;

const site = 'trap "exit 0" TERM; mkdir /www; echo -n "$RELEASE" >/www/index.html; echo -n yes >/www/alive';
const listen = 'httpd -f -p 8080 -h /www & wait';

/** Serves the release's name at `/` on port 8080, and says at `/alive` that it lives. */
const serve = `${site}; ${listen}`;

const faults = {
  /** Exits at start, with code 3. */
  crash: shell('echo "cannot start $RELEASE" >&2; exit 3'),
  /** Answers 404 to everything, so that a readiness probe of / never passes. */
  unready: shell(`trap "exit 0" TERM; mkdir /www; ${listen}`),
  /** Names a program that is not in the image. */
  noexec: ['/no/such/program'],
  /** Serves for ten seconds (AFTER_S), then exits with code 1. */
  dies: shell(`trap "exit 0" TERM; (${serve}) & sleep \${AFTER_S:-10} & wait $!; exit 1`),
  /** Fills 256 MiB; killed when the container's memory limit is lower, harmless otherwise. */
  oom: ['/bin/dd', 'if=/dev/zero', 'of=/dev/null', 'bs=256M', 'count=1'],
  /** Exits at start, with code 0: an init container that has done its work. */
  quits: shell('echo "done $RELEASE"'),
  /** Runs and listens to nothing: a sidecar beside what serves. */
  idles: shell('trap "exit 0" TERM; sleep 2147483647 & wait'),
  /** Serves, but is nowhere to be found at /alive: a liveness probe of that path kills it again and again. */
  hangs: shell(`trap "exit 0" TERM; mkdir /www; echo -n "$RELEASE" >/www/index.html; ${listen}`),
  /** Works, but listens only after ninety seconds (AFTER_S). */
  slow: shell(`trap "exit 0" TERM; sleep \${AFTER_S:-90} & wait $!; ${serve}`),
  /** Works, but for its first twenty seconds / is there for two and gone for two. */
  flaps: shell(
    `${site}; (for time in 1 2 3 4 5; do sleep 2; rm /www/index.html; sleep 2; echo -n "$RELEASE" >/www/index.html; done) & ${listen}`,
  ),
  /** Serves for five seconds (AFTER_S), exits with code 1, and works from then on; remembers in /state. */
  once: shell(
    `trap "exit 0" TERM; [ -e /state/1 ] || { (${serve}) & sleep \${AFTER_S:-5} & wait $!; : >/state/1; exit 1; }; ${serve}`,
  ),
  /** Exits twice at start, as if it waited for a database, and works from then on; remembers in /state. */
  twice: shell(
    `[ -e /state/2 ] || { [ -e /state/1 ] && : >/state/2; : >/state/1; echo "no database yet" >&2; exit 1; }; ${serve}`,
  ),
  /** Works, but only the first node has it: others have to pull it, in vain. */
  local: shell(serve),
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What a web image runs: the command that works, or the one that fails in a way. */
export function webCommand(fault?: Fault): readonly string[] {
  return fault === undefined ? shell(serve) : faults[fault];
}

/** Every way in which a web image can differ from one that works. */
export const allFaults = Object.keys(faults) as readonly Fault[];

function shell(script: string): readonly string[] {
  return ['/bin/sh', '-c', script];
}
