import { backOff, type ContainerContext, containerEvent, wait } from './container-context.ts';

/** A name that no registry can have: the kubelet does not even try. */
export const refuseName = (context: ContainerContext): void => {
  const { image } = context.container;
  const repository = image.replace(/[:@].*$/, '');
  const full = repository.includes('/') ? repository : `library/${repository}`;
  const format = /[A-Z]/.test(repository) ? `: repository name (${full}) must be lowercase` : '';
  const cause = `couldn't parse image name "${image}": invalid reference format${format}`;
  const message = `Failed to apply default image tag "${image}": ${cause}`;
  wait(context, 'InvalidImageName', message);
  containerEvent(context, 'Warning', 'InspectFailed', message);
  containerEvent(context, 'Warning', 'Failed', 'Error: InvalidImageName');
};

/** ErrImagePull and ImagePullBackOff alternate for ever, each repeating the registry's message. */
export const failPull = (
  context: ContainerContext,
  given: string | undefined,
  attempt: number,
  again: (attempt: number) => void,
): void => {
  const { image } = context.container;
  const attempted = `failed to pull and unpack image "${image}": failed to resolve reference "${image}"`;
  const message = given ?? `rpc error: code = NotFound desc = ${attempted}: ${image}: not found`;
  wait(context, 'ErrImagePull', message);
  containerEvent(context, 'Normal', 'Pulling', `Pulling image "${image}"`);
  containerEvent(context, 'Warning', 'Failed', `Failed to pull image "${image}": ${message}`);
  containerEvent(context, 'Warning', 'Failed', 'Error: ErrImagePull');
  context.after(context.timings.startMs * 2, () => {
    wait(context, 'ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${message}`);
    containerEvent(context, 'Normal', 'BackOff', `Back-off pulling image "${image}"`);
    containerEvent(context, 'Warning', 'Failed', 'Error: ImagePullBackOff');
    context.after(backOff(context.timings, attempt), () => again(attempt + 1));
  });
};
