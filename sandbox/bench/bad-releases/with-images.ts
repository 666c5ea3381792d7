import type { webDeployment } from '../../desk/web-workload.ts';

interface Imaged {
  readonly name: string;
  readonly image: string;
}

/** A Deployment with other images, given as lines `container=image`. */
export function withImages(deployment: ReturnType<typeof webDeployment>, images: string) {
  const { template } = deployment.spec;
  const podSpec = template.spec as typeof template.spec & { readonly initContainers?: readonly Imaged[] };
  const given = new Map(
    images.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const replace = <T extends Imaged>(container: T) => ({
    ...container,
    image: given.get(container.name) ?? container.image,
  });
  const spec = {
    ...podSpec,
    containers: podSpec.containers.map(replace),
    ...(podSpec.initContainers && { initContainers: podSpec.initContainers.map(replace) }),
  };
  return { ...deployment, spec: { ...deployment.spec, template: { ...template, spec } } };
}
