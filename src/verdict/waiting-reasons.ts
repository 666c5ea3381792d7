import type { CauseCode } from './cause.ts';
import type { PodContainer } from './containers.ts';
import { describeConfig, describePull, shorten } from './describe.ts';
import { isRefusal, type Pull } from './pull.ts';
import type { Sign } from './rules.ts';
import type { ContainerSighting } from './signal.ts';

interface Trouble {
  readonly sign: Sign;
  readonly code: CauseCode;
  readonly describe: (container: PodContainer, message: string) => string;
}

const notCreated: Trouble = {
  sign: 'container-not-created',
  code: 'container-not-created',
  describe: ({ role, name }, message) => `${role} ${name} cannot be created: ${message}`,
};

/** The kubelet's reasons that are trouble by themselves (kubernetes/kubernetes, images/types.go, kuberuntime_container.go). */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  InvalidImageName: {
    sign: 'image-name-invalid',
    code: 'image-invalid',
    describe: ({ image }) => `image name ${image} is not valid`,
  },
  ErrImageNeverPull: {
    sign: 'image-absent',
    code: 'image-not-found',
    describe: ({ image }) => `image ${image} is not on the node, and may never be pulled`,
  },
  SignatureValidationFailed: {
    sign: 'signature-refused',
    code: 'image-not-pulled',
    describe: ({ image }, message) => `signature of image ${image} is refused: ${message}`,
  },
  CreateContainerConfigError: { sign: 'config-missing', code: 'config-missing', describe: describeConfig },
  CreateContainerError: notCreated,
  PreCreateHookError: notCreated,
  PreStartHookError: notCreated,
};

/** The kubelet has not got the object yet, which says nothing about whether it exists (Shopify/krane#885). */
const UNSYNCED = /failed to sync (secret|configmap) cache/i;

/** What keeps a container from being created, by what the kubelet waits for. */
export function creationTrouble(container: PodContainer, pull: Pull | undefined): ContainerSighting | undefined {
  const { reason = '', message = '' } = container.status.state?.waiting ?? {};
  const trouble = Object.hasOwn(TROUBLES, reason) ? TROUBLES[reason] : undefined;
  const seen = { container: container.name, times: 1 };
  if (trouble) {
    const sign = trouble.sign === 'config-missing' && UNSYNCED.test(message) ? 'config-not-synced' : trouble.sign;
    return { ...seen, sign, code: trouble.code, clause: shorten(trouble.describe(container, message)) };
  }
  if (!pull) return undefined;
  const clause = describePull(container, pull.message);
  return isRefusal(pull.message, container.image)
    ? { ...seen, sign: 'pull-refused', code: 'image-not-found', clause, times: pull.refusals }
    : { ...seen, sign: 'pull-failed', code: 'image-not-pulled', clause };
}
