import type { Container, PodTemplate } from '../rollout/objects.ts';

/** One line of the input `images`; without workload or container it means every, or the only one. */
export interface ImageLine {
  readonly workload?: string;
  readonly container?: string;
  readonly image: string;
}

export type Images =
  | { readonly kind: 'template'; readonly template: PodTemplate }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/** Parses `container=image`, `workload/container=image` or a bare image a line; `#` comments and blank lines are skipped. */
export function parseImages(text: string): {
  readonly lines: readonly ImageLine[];
  readonly problems: readonly string[];
} {
  const parsed = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseLine);
  return {
    lines: parsed.filter((line) => typeof line !== 'string'),
    problems: parsed.filter((line) => typeof line === 'string'),
  };
}

/**
 * The template with the images put in. Each name must be one of its containers (kubectl's own patch would add a new
 * one), and each workload must be named by at least one line.
 */
export function applyImages(workload: string, template: PodTemplate, lines: readonly ImageLine[]): Images {
  const name = workload.slice(workload.indexOf('/') + 1);
  const ours = lines.filter((line) => line.workload === undefined || line.workload === name);
  const { containers, initContainers = [] } = template.spec;
  const has = [...initContainers, ...containers].map((container) => container.name);
  const problems = ours.flatMap((line) => problemOf(line, has, containers));
  const images = new Map(ours.map((line) => [line.container ?? containers[0]?.name ?? '', line.image]));
  if (!has.some((container) => images.has(container)))
    problems.push(`images names no container of it (has: ${has.join(', ')}); add a line ${name}/${has[0]}=IMAGE`);
  if (problems.length > 0) return { kind: 'problems', problems };
  const replaced = (container: Container) => ({
    ...container,
    image: images.get(container.name) ?? container.image ?? '',
  });
  return {
    kind: 'template',
    template: {
      ...template,
      spec: {
        ...template.spec,
        containers: containers.map(replaced),
        ...(template.spec.initContainers && { initContainers: initContainers.map(replaced) }),
      },
    },
  };
}

function parseLine(line: string): ImageLine | string {
  const equals = line.indexOf('=');
  const image = line.slice(equals + 1).trim();
  const target = equals < 0 ? undefined : line.slice(0, equals).trim();
  if (image === '' || /\s/.test(image)) return `images: "${line}" has no image; write container=image`;
  if (target === undefined) return { image };
  const slash = target.lastIndexOf('/');
  const container = target.slice(slash + 1);
  const workload = slash < 0 ? undefined : target.slice(0, slash).replace(/^deployments?\//, '');
  if (container === '*') return `images: "${line}" would change sidecars too; name the container`;
  if (container === '' || workload === '') return `images: "${line}" names no container; write container=image`;
  return { container, image, ...(workload !== undefined && { workload }) };
}

/** A line without a workload may be meant for another workload of the train; one that names this workload may not. */
function problemOf(line: ImageLine, has: readonly string[], containers: readonly Container[]): readonly string[] {
  if (line.container === undefined && containers.length > 1)
    return [`images: "${line.image}" fits any of ${has.join(', ')}; write container=image`];
  if (line.workload !== undefined && line.container !== undefined && !has.includes(line.container))
    return [`images: it has no container "${line.container}" (has: ${has.join(', ')})`];
  return [];
}
