import type { ContainerStatus } from '../rollout/objects.ts';
import { isOutOfMemory, lastEnding, type PodContainer } from './containers.ts';
import { isDenial, isRefusal } from './pull.ts';

const LONGEST = 260;

/** Cuts foreign words to what fits into a sentence. */
export function shorten(words: string, longest = LONGEST): string {
  const line = words.replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** `container app exits 3, 2 restarts`. */
export function describeCrash(container: PodContainer, hookError: string): string {
  const { role, name, memoryLimit, status } = container;
  const ending = lastEnding(container);
  const restarts = countRestarts(status);
  if (isOutOfMemory(ending)) {
    const limit = memoryLimit && ` (limit ${memoryLimit})`;
    return `${role} ${name} is out of memory${limit}${restarts}`;
  }
  if (hookError) return shorten(`postStart hook of ${role} ${name} fails${restarts}: ${reasonOf(hookError)}`);
  const said = ending?.message ? `: ${ending.message}` : '';
  return shorten(`${role} ${name} exits ${ending?.exitCode ?? '(unknown)'}${restarts}${said}`);
}

function countRestarts({ restartCount = 0 }: ContainerStatus): string {
  if (restartCount === 0) return '';
  return restartCount === 1 ? ', 1 restart' : `, ${restartCount} restarts`;
}

const COMMAND_PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [/permission denied/i, 'may not be executed'],
  [/exec format error/i, 'is no program for this CPU'],
  [/executable file not found|no such file/i, 'not found'],
];

/** Whether the words say that the container's command cannot be run, however often it is tried. */
export function isCommandProblem(words: string): boolean {
  return COMMAND_PROBLEMS.some(([pattern]) => pattern.test(words));
}

/** `command of container app not found: exec: "/no/such/program": …`. */
export function describeStart({ role, name }: PodContainer, error: string): string {
  const problem = COMMAND_PROBLEMS.find(([pattern]) => pattern.test(error))?.[1];
  const subject =
    problem && /\bexec\b/.test(error) ? `command of ${role} ${name} ${problem}` : `${role} ${name} cannot start`;
  return shorten(`${subject}: ${reasonOf(error)}`);
}

/** The last link of a runtime's chain of errors. */
function reasonOf(error: string): string {
  return error
    .replace(/^.*unable to start container \w+: /s, '')
    .replace(/^.*?desc = /s, '')
    .replace(/(: unknown)?(, message: "")?\s*$/, '');
}

/** What containerd wraps around a registry's answer. */
const LINK =
  /^(rpc error: code = \w+ desc = |failed to pull and unpack image "[^"]*": |failed to resolve reference "[^"]*": |failed to do request: )/;

/** `image shop/web:9 is not there: …`. */
export function describePull({ image }: PodContainer, error: string): string {
  const refusal = isDenial(error, image) ? 'may not be pulled' : 'is not there';
  const problem = isRefusal(error, image) ? refusal : 'cannot be pulled';
  let reason = error;
  while (LINK.test(reason)) reason = reason.replace(LINK, '');
  reason = reason.startsWith(`${image}: `) ? reason.slice(image.length + 2) : reason;
  return shorten(`image ${image} ${problem}${reason && `: ${reason}`}`);
}

/** `configmap "settings" not found (container app)`. */
export function describeConfig({ role, name }: PodContainer, error: string): string {
  const said = error.replace(/\s*\(pod: "[^"]*", container: [^)]*\)/, '') || 'its configuration is missing';
  return `${shorten(said)} (${role} ${name})`;
}
