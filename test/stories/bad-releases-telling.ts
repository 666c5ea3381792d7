/** How a bad release is to be told: what its summary begins with, and what is kept of it. */
export interface Telling {
  /** In the first line of the summary: the cause, in words. */
  readonly headline: RegExp;
  /** In the evidence, as JSON: what the container or the cluster said itself. */
  readonly evidence: RegExp;
  /** By what it is over: by what its pods show, unless given. */
  readonly decidedBy?: 'deadline';
  /** The input `update-config`; a short window unless given. */
  readonly window?: string;
  /** The node that is suspected in its place. */
  readonly suspects?: string;
  /** Whether some of its pods serve. */
  readonly serves?: true;
  /** Whether they end when the pods of 1.0 are gone: nobody can know before, so pods are missing until it is back. */
  readonly endsLater?: true;
}

/** The default, which nobody has to ask for. */
const unasked = '';

/** By the names of the catalogue. */
export const tellings: Readonly<Record<string, Telling>> = {
  'crash-at-start': {
    headline: /container web exits 3, \d+ restarts?(?: \(on \d+ pods\))?: "cannot start 1\.1"/,
    evidence: /"lines":\["cannot start 1\.1"\]/,
  },
  'dies-after-ten-seconds': {
    headline: /container web exits 1/,
    evidence: /Started container|Container started/,
    window: unasked,
    serves: true,
    endsLater: true,
  },
  'exits-without-error': {
    headline: /container web exits 0, \d+ restarts?(?: \(on \d+ pods\))?: "done 1\.1"/,
    evidence: /"lines":\["done 1\.1"\]/,
  },
  'image-not-found': {
    headline: /image registry\.rollkey\.test\S+web:9\.9\S* is not there/,
    evidence: /Failed to pull image .*not found/,
  },
  'registry-unreachable': {
    headline: /image localhost:1\/web:9\.9\S* cannot be pulled: .*connection refused/,
    evidence: /Failed to pull image .*connection refused/,
    decidedBy: 'deadline',
  },
  'image-name-invalid': { headline: /image name rollkey\.test\/Web:1\.1 is not valid/, evidence: /InvalidImageName/ },
  'command-not-found': {
    headline: /command of container web not found: .*\/no\/such\/program/,
    evidence: /no such file or directory/,
  },
  'configmap-missing': {
    headline: /configmap "settings" not found \(container web\)/,
    evidence: /configmap \\"settings\\" not found/,
  },
  'key-missing': {
    headline: /couldn't find key colour in ConfigMap \S+\/settings \(container web\)/,
    evidence: /couldn't find key colour in ConfigMap/,
  },
  'volume-missing': {
    headline: /configmap "settings" not found/,
    evidence: /MountVolume\.SetUp failed for volume \\"settings\\"/,
    decidedBy: 'deadline',
  },
  'init-container-fails': {
    headline: /init container init exits 3, \d+ restarts?(?: \(on \d+ pods\))?: "cannot start 1\.1"/,
    evidence: /"container":"init",.*"lines":\["cannot start 1\.1"\]/,
  },
  'sidecar-crashes': {
    headline: /sidecar exits 3, \d+ restarts?(?: \(on \d+ pods\))?: "cannot start 1\.1"/,
    evidence: /"container":"sidecar",.*"lines":\["cannot start 1\.1"\]/,
  },
  'out-of-memory': { headline: /container web is out of memory \(limit 64Mi\)/, evidence: /BackOff/ },
  'never-ready': {
    headline: /the readiness probe of container web does not pass/,
    evidence: /Readiness probe failed: HTTP probe failed with statuscode: 404/,
    decidedBy: 'deadline',
  },
  'liveness-kills': {
    headline:
      /container web exits \d+, \d+ restarts?(?: \(on \d+ pods\))?: "Liveness probe failed: HTTP probe failed with statuscode: 404"/,
    evidence: /Container web failed liveness probe, will be restarted/,
    window: unasked,
    serves: true,
    endsLater: true,
  },
  'quota-exceeded': { headline: /exceeded quota: pods/, evidence: /exceeded quota: pods/ },
  'admission-denied': {
    headline: /release 1\.1 is not allowed here/,
    evidence: /denied request: release 1\.1 is not allowed here/,
  },
  unschedulable: {
    headline: /no node takes the pods: /,
    evidence: /FailedScheduling/,
    decidedBy: 'deadline',
  },
  'one-bad-node': {
    headline: /image rollkey\.test\/web:1\.1-local\S* cannot be pulled/,
    evidence: /Failed to pull image/,
    decidedBy: 'deadline',
    suspects: 'bad-node',
    serves: true,
  },
};
