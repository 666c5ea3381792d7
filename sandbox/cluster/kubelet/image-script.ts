import { createHash } from 'node:crypto';

/** What a container of an image does; times are milliseconds of cluster time. */
export type ImageBehaviour =
  | {
      readonly does: 'serve';
      readonly body?: string;
      readonly readyAfterMs?: number;
      /** How often it goes unready and ready again before it stays ready. */
      readonly flaps?: number;
      /** Whether a liveness probe finds it dead again and again. */
      readonly hangs?: boolean;
    }
  | { readonly does: 'never-ready' }
  | {
      readonly does: 'exit';
      readonly exitCode: number;
      readonly reason?: 'Error' | 'OOMKilled' | 'StartError';
      readonly message?: string;
      /** How long it serves, ready, before it exits; without it the container exits at once. */
      readonly servesMs?: number;
      /** How often a pod's container exits before it serves for good; for ever unless given. */
      readonly times?: number;
    }
  | { readonly does: 'not-pull'; readonly message?: string }
  | { readonly does: 'not-fit'; readonly message?: string };

export interface ScriptedImage {
  readonly behaviour: ImageBehaviour;
  /** Lines every container of the image logs. */
  readonly log?: readonly string[];
  /** Replaces the digest that is made from the image's name: a re-pushed tag. */
  readonly digest?: string;
}

export type ImageScript = ReturnType<typeof createImageScript>;

/** The cluster's first node, the only one that has the images `local`. */
export const firstNode = 'sandbox';

/** Decides by an image's name what its containers do: what a test has set, else what the name says. */
export const createImageScript = () => {
  const scripted = new Map<string, ScriptedImage>();
  const failing = new Map<string, { readonly message: string; left: number }>();
  const find = (image: string): ScriptedImage => scripted.get(image) ?? { behaviour: behaviourOfName(image) };
  return {
    set: (image: string, script: ScriptedImage): void => {
      scripted.set(image, script);
    },
    /** Makes the next pulls of an image fail, whoever pulls. */
    failPulls: (image: string, times: number, message: string): void => {
      failing.set(image, { message, left: times });
    },
    behaviour: (image: string): ImageBehaviour => find(image).behaviour,
    /** What comes of an attempt to have the image on a node: what a container of it does there, or why there is none. */
    pull: (image: string, node: string): ImageBehaviour => {
      const failure = failing.get(image);
      if (failure !== undefined && failure.left > 0) {
        failure.left -= 1;
        return { does: 'not-pull', message: failure.message };
      }
      const lacking = node !== firstNode && faultOf(image) === 'local';
      return lacking ? { does: 'not-pull', message: unknownHost(image) } : find(image).behaviour;
    },
    log: (image: string): readonly string[] => find(image).log ?? logOfName(image),
    /** What a container of the image answers over HTTP. */
    body: (image: string): string => {
      const { behaviour } = find(image);
      return (behaviour.does === 'serve' && behaviour.body) || releaseOf(image);
    },
    /** What the kubelet reports: the bare digest where the image was on the node already, as on the bed. */
    imageId: (image: string): string => {
      const [name = image] = image.split('@');
      const repository = name.replace(/:[^/:]*$/, '');
      const digest = `sha256:${find(image).digest ?? createHash('sha256').update(image).digest('hex')}`;
      return image.startsWith('rollkey.test/') ? digest : `${repository}@${digest}`;
    },
  };
};

/** Image names the kubelet refuses to parse (`InvalidImageName`): upper case in the repository, or an empty tag. */
export const isValidImageName = (image: string): boolean =>
  /^[a-z0-9]+([._:-][a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$/.test(
    image,
  );

const tagOf = (image: string): string => /:([^/:@]+)(@|$)/.exec(image)?.[1] ?? 'latest';

/** The bed's images by name (sandbox/bed/web-commands.ts), so that a story means the same on both clusters. */
const behaviourOfName = (image: string): ImageBehaviour => {
  if (/^registry\.rollkey\.test\//.test(image)) return { does: 'not-pull' };
  if (/^rollkey\.test\/(?!web[:@])/.test(image) || /^[^/]*\.invalid\//.test(image))
    return { does: 'not-pull', message: unknownHost(image) };
  if (/^localhost:1\//.test(image)) return { does: 'not-pull', message: refusedConnection(image) };
  return faults[faultOf(image)] ?? { does: 'serve' };
};

const faultOf = (image: string): string => /-([a-z]+)$/.exec(tagOf(image))?.[1] ?? '';

const releaseOf = (image: string): string => {
  const fault = faultOf(image);
  return fault in faults ? tagOf(image).slice(0, -fault.length - 1) : tagOf(image);
};

const logOfName = (image: string): readonly string[] => {
  const line = lines[faultOf(image)];
  return line === undefined ? [] : [line.replace('$RELEASE', releaseOf(image))];
};

const unresolved = (image: string): string =>
  `failed to pull and unpack image "${image}": failed to resolve reference "${image}"`;

const manifestUrl = (scheme: string, image: string): string => {
  const [, host = '', repository = '', tag = ''] = /^([^/]+)\/(.+):([^:]+)$/.exec(image) ?? [];
  return `${scheme}://${host}/v2/${repository}/manifests/${tag}`;
};

const unknownHost = (image: string): string =>
  `${unresolved(image)}: failed to do request: Head "${manifestUrl('https', image)}": dial tcp: lookup ${image.split('/')[0]} on 10.255.255.53:53: dial udp 10.255.255.53:53: connect: network is unreachable`;

const refusedConnection = (image: string): string =>
  `${unresolved(image)}: failed to do request: Head "${manifestUrl('http', image)}": dial tcp 127.0.0.1:1: connect: connection refused`;

const lines: Readonly<Record<string, string>> = {
  crash: 'cannot start $RELEASE',
  quits: 'done $RELEASE',
  twice: 'no database yet',
};

const faults: Readonly<Record<string, ImageBehaviour>> = {
  crash: { does: 'exit', exitCode: 3 },
  unready: { does: 'never-ready' },
  noexec: {
    does: 'exit',
    exitCode: 128,
    reason: 'StartError',
    message:
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/no/such/program": stat /no/such/program: no such file or directory: unknown',
  },
  dies: { does: 'exit', exitCode: 1, servesMs: 1500 },
  oom: { does: 'exit', exitCode: 137, reason: 'OOMKilled' },
  quits: { does: 'exit', exitCode: 0 },
  idles: { does: 'serve' },
  hangs: { does: 'serve', hangs: true },
  slow: { does: 'serve', readyAfterMs: 900 },
  flaps: { does: 'serve', flaps: 5 },
  once: { does: 'exit', exitCode: 1, servesMs: 300, times: 1 },
  twice: { does: 'exit', exitCode: 1, times: 2 },
  local: { does: 'serve' },
};
