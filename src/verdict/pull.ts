import type { PodContainer } from './containers.ts';

/** What is known of an image that does not come. */
export interface Pull {
  /** How often the registry refused it. The kubelet shows a failed try, then its back-off, then the next failed try. */
  readonly refusals: number;
  /** The last error itself: kubelets before 1.32 do not repeat it while they back off (kubernetes/kubernetes#127918). */
  readonly message: string;
  readonly reason: string;
}

const FAILED: readonly string[] = ['ErrImagePull', 'RegistryUnavailable'];
const BACK_OFF = 'ImagePullBackOff';

/** Counts a container's failed pulls; undefined when it does not wait for its image. */
export function rememberPull(before: Pull | undefined, { image, status }: PodContainer): Pull | undefined {
  const { reason = '', message = '' } = status.state?.waiting ?? {};
  if (reason !== BACK_OFF && !FAILED.includes(reason)) return undefined;
  const said = message.replace(/^Back-off pulling image "[^"]*"(: ErrImagePull: )?/, '') || (before?.message ?? '');
  const refusals = before?.refusals ?? 0;
  const isNew = reason !== BACK_OFF && reason !== before?.reason;
  const counted = isRefusal(said, image) ? (isNew ? refusals + 1 : Math.max(refusals, 1)) : refusals;
  return { refusals: counted, message: said, reason };
}

/** What passes by itself: networks, registries that are down or busy, a node's full disk. */
const PASSING =
  /time[d ]*[ -]?out|deadline exceeded|connection (refused|reset)|no such host|unreachable|misbehaving|temporar|try again|\bTLS\b|x509|too ?many ?requests|\b429\b|\b5\d\d [A-Z]|status( code)?:? 5\d\d|\bEOF\b|broken pipe|no space left|cancell?ed/i;

const REFUSED =
  /not found|manifest unknown|no match for platform|does not exist|denied|unauthorized|forbidden|authentication required|no basic auth|insufficient_scope/i;

const DENIED = /denied|unauthorized|forbidden|authentication required|no basic auth|insufficient_scope/i;

/** Whether the registry said no, and will say no again: not an error that passes by itself. */
export function isRefusal(message: string, image = ''): boolean {
  const words = wordsOf(message, image);
  return REFUSED.test(words) && !PASSING.test(words);
}

/** Whether the registry does not give us the image; it need not tell whether there is one. */
export function isDenial(message: string, image = ''): boolean {
  return DENIED.test(wordsOf(message, image));
}

/** Names prove nothing: `registry/timeout:1` is an image too. */
function wordsOf(message: string, image: string): string {
  return message.replaceAll(/"[^"]*"/g, '').replaceAll(image || '"', '');
}
