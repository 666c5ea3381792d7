import { createHash } from 'node:crypto';

/** What a container of an image does; times are milliseconds of cluster time. */
export type ImageBehaviour =
  | { readonly does: 'serve'; readonly body?: string; readonly readyAfterMs?: number }
  | { readonly does: 'never-ready' }
  | {
      readonly does: 'exit';
      readonly exitCode: number;
      readonly reason?: 'Error' | 'OOMKilled' | 'StartError';
      readonly message?: string;
      /** How long it serves, ready, before it exits; without it the container exits at once. */
      readonly servesMs?: number;
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

/** Decides by an image's name what its containers do: what a test has set, else what the name says. */
export const createImageScript = () => {
  const scripted = new Map<string, ScriptedImage>();
  const find = (image: string): ScriptedImage => scripted.get(image) ?? { behaviour: behaviourOfName(image) };
  return {
    set: (image: string, script: ScriptedImage): void => {
      scripted.set(image, script);
    },
    behaviour: (image: string): ImageBehaviour => find(image).behaviour,
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

/** The bed's images by name (sandbox/bed/images.ts), so that a story means the same on both clusters. */
const behaviourOfName = (image: string): ImageBehaviour => {
  if (/^rollkey\.test\/(?!web[:@])/.test(image) || /^[^/]*\.invalid\//.test(image)) return { does: 'not-pull' };
  return faults[faultOf(image)] ?? { does: 'serve' };
};

const faultOf = (image: string): string => /-([a-z]+)$/.exec(tagOf(image))?.[1] ?? '';

const releaseOf = (image: string): string => {
  const fault = faultOf(image);
  return fault in faults ? tagOf(image).slice(0, -fault.length - 1) : tagOf(image);
};

const logOfName = (image: string): readonly string[] =>
  faultOf(image) === 'crash' ? [`cannot start ${releaseOf(image)}`] : [];

const faults: Readonly<Record<string, ImageBehaviour>> = {
  crash: { does: 'exit', exitCode: 3 },
  unready: { does: 'never-ready' },
  noexec: {
    does: 'exit',
    exitCode: 128,
    reason: 'StartError',
    message: 'exec: "/no/such/program": stat /no/such/program: no such file or directory: unknown',
  },
  dies: { does: 'exit', exitCode: 1, servesMs: 200 },
  oom: { does: 'exit', exitCode: 137, reason: 'OOMKilled' },
};
