import type { CauseCode } from './cause.ts';
import { hasDoneItsPart, isOutOfMemory, lastEnding, type PodContainer } from './containers.ts';
import {
  describeConfig,
  describeCrash,
  describePull,
  describeStart,
  isCommandProblem,
  isStartError,
  shorten,
} from './describe.ts';
import type { Lives } from './memory.ts';
import { isRefusal, type Pull } from './pull.ts';
import type { Sign } from './rules.ts';
import type { Sighting } from './signal.ts';

type ContainerSighting = Omit<Sighting, 'pod'>;

/** What one container shows now, in the light of what it has been through. */
export function signalsOfContainer(
  container: PodContainer,
  lives: Lives,
  pull: Pull | undefined,
  isComplete: boolean,
): readonly ContainerSighting[] {
  const waiting = signalOfWaiting(container, pull);
  return waiting ? [waiting] : [...crashes(container, lives, isComplete), ...relapses(container, lives, isComplete)];
}

/** What the kubelet waits for, by its reason (kubernetes/kubernetes, pkg/kubelet/images/types.go, kuberuntime_container.go). */
function signalOfWaiting(container: PodContainer, pull: Pull | undefined): ContainerSighting | undefined {
  const { role, name, image } = container;
  const { reason = '', message = '' } = container.status.state?.waiting ?? {};
  const signal = (sign: Sign, code: CauseCode, clause: string, times = 1): ContainerSighting => {
    return { sign, code, container: name, times, clause };
  };
  switch (reason) {
    case 'InvalidImageName':
      return signal('image-name-invalid', 'image-invalid', `image name ${image} is not valid`);
    case 'ErrImageNeverPull':
      return signal(
        'image-absent',
        'image-not-found',
        `image ${image} is not on the node, and imagePullPolicy is Never`,
      );
    case 'SignatureValidationFailed':
      return signal(
        'signature-refused',
        'image-not-pulled',
        shorten(`signature of image ${image} is refused: ${message}`),
      );
    case 'CreateContainerConfigError':
      return /failed to sync (secret|configmap) cache/i.test(message)
        ? signal('config-not-synced', 'config-missing', describeConfig(container, message))
        : signal('config-missing', 'config-missing', describeConfig(container, message));
    case 'CreateContainerError':
    case 'PreCreateHookError':
    case 'PreStartHookError':
      return signal(
        'container-not-created',
        'container-not-created',
        shorten(`${role} ${name} cannot be created: ${message}`),
      );
  }
  if (!pull) return undefined;
  return isRefusal(pull.message, image)
    ? signal('pull-refused', 'image-not-found', describePull(container, pull.message, true), pull.refusals)
    : signal('pull-failed', 'image-not-pulled', describePull(container, pull.message, false));
}

/** A container that is up again, though not ready yet, has still crashed as often as it has. */
function crashes(container: PodContainer, lives: Lives, isComplete: boolean): readonly ContainerSighting[] {
  const times = lives.crashes - ((isComplete ? lives.crashesBefore : undefined) ?? lives.crashesAtFirst);
  if (times <= 0 || hasDoneItsPart(container)) return [];
  const error = startError(container);
  if (isCommandProblem(error))
    return [
      { ...crashSighting(container, lives, 'command-not-found', times), clause: describeStart(container, error) },
    ];
  const crash = crashSighting(container, lives, 'crash', times);
  return isOutOfMemory(lastEnding(container))
    ? [{ ...crash, sign: 'out-of-memory', times: lives.outOfMemory }, crash]
    : [crash];
}

function relapses(container: PodContainer, lives: Lives, isComplete: boolean): readonly ContainerSighting[] {
  const times = isComplete ? lives.crashes - (lives.crashesBefore ?? lives.crashes) : 0;
  return times > 0 ? [crashSighting(container, lives, 'relapse', times)] : [];
}

function crashSighting(container: PodContainer, { hookError }: Lives, sign: Sign, times: number): ContainerSighting {
  const ending = lastEnding(container);
  const neverStarted = hookError !== '' || isStartError(ending);
  const code = isOutOfMemory(ending) ? 'out-of-memory' : neverStarted ? 'container-not-started' : 'container-crashed';
  return { sign, code, container: container.name, times, clause: describeCrash(container, hookError) };
}

/** What was said when the container's program could not be run. */
function startError(container: PodContainer): string {
  const { waiting } = container.status.state ?? {};
  if (waiting?.reason === 'RunContainerError') return waiting.message ?? '';
  const ending = lastEnding(container);
  const neverRan = isStartError(ending) || [126, 127, 128].includes(ending?.exitCode ?? 0);
  return neverRan ? (ending?.message ?? '') : '';
}
