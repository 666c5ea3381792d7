import { hasDoneItsPart, isOutOfMemory, isStartError, lastEnding, type PodContainer } from './containers.ts';
import { describeCrash, describeStart, isCommandProblem } from './describe.ts';
import type { Lives } from './memory.ts';
import type { Sign } from './rules.ts';
import type { ContainerSighting } from './signal.ts';

/**
 * What a container's crashes are signs of. While the release starts they count until its pod is ready again
 * (`wasReady`, since the last of them); once it was complete, all that came since then do.
 */
export function crashSightings(
  container: PodContainer,
  lives: Lives,
  { isComplete, wasReady }: { readonly isComplete: boolean; readonly wasReady: boolean },
): readonly ContainerSighting[] {
  const before = (isComplete ? lives.crashesBefore : undefined) ?? lives.crashesAtFirst;
  const times = lives.crashes - before;
  if (times <= 0) return [];
  const relapsed = isComplete && lives.crashesBefore !== undefined;
  return [
    ...(wasReady || hasDoneItsPart(container) ? [] : startSightings(container, lives, times)),
    ...(relapsed ? [sightingOf(container, lives, 'relapse', times)] : []),
  ];
}

function startSightings(container: PodContainer, lives: Lives, times: number): readonly ContainerSighting[] {
  if (isCommandProblem(startError(container))) return [sightingOf(container, lives, 'command-not-found', times)];
  const crash = sightingOf(container, lives, 'crash', times);
  return crash.code === 'out-of-memory'
    ? [sightingOf(container, lives, 'out-of-memory', lives.outOfMemory), crash]
    : [crash];
}

function sightingOf(container: PodContainer, { hookError }: Lives, sign: Sign, times: number): ContainerSighting {
  const error = startError(container);
  const neverRan = error !== '' || hookError !== '';
  const isKill = isOutOfMemory(lastEnding(container));
  const code = isKill ? 'out-of-memory' : neverRan ? 'container-not-started' : 'container-crashed';
  const clause = error ? describeStart(container, error) : describeCrash(container, hookError);
  return { sign, code, container: container.name, times, clause };
}

/** Shells say by these codes that they found no command, or could not run it; the runtime says 128. */
const NEVER_RAN: readonly (number | undefined)[] = [126, 127, 128];

/** What was said when the container's program could not be run. */
function startError(container: PodContainer): string {
  const { waiting } = container.status.state ?? {};
  if (waiting?.reason === 'RunContainerError') return waiting.message || waiting.reason;
  const ending = lastEnding(container);
  if (isStartError(ending)) return ending?.message || 'StartError';
  return NEVER_RAN.includes(ending?.exitCode) ? (ending?.message ?? '') : '';
}
