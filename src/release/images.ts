import type { Container, PodTemplate } from '../rollout/objects.ts';
import { imageReferenceProblem } from './image-reference.ts';
import { showRelease } from './release-text.ts';

/** One line of the input `images`; without workload or container it means every, or the only one. */
export interface ImageLine {
  readonly workload?: string;
  readonly container?: string;
  readonly image: string;
}

/** A workload by its own name, and what it runs. */
export interface ImageTarget {
  readonly name: string;
  readonly template: PodTemplate;
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
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseLine);
  const lines = parsed.filter((line) => typeof line !== 'string');
  return { lines, problems: [...parsed.filter((line) => typeof line === 'string'), ...repetitions(lines)] };
}

/**
 * The template with the images put in; a line for one workload outranks a line for all. Each name must be one of its
 * containers (kubectl's own patch would add a new one), and each workload must be named by at least one line.
 */
export function applyImages({ name, template }: ImageTarget, lines: readonly ImageLine[]): Images {
  const ours = lines.filter((line) => line.workload === undefined || line.workload === name);
  const { containers, initContainers = [] } = template.spec;
  const has = containerNames(template);
  const problems = ours.flatMap((line) => problemOf(line, has, containers));
  const images = new Map(
    [...ours]
      .sort((a, b) => rank(a) - rank(b))
      .map((line) => [line.container ?? containers[0]?.name ?? '', line.image]),
  );
  if (!has.some((container) => images.has(container)))
    problems.push(`images names no container of it (has: ${has.join(', ')}); add a line ${name}/${has[0]}=IMAGE`);
  if (problems.length > 0) return { kind: 'problems', problems };
  const replaced = (container: Container) => {
    const image = images.get(container.name);
    return image === undefined ? container : { ...container, image };
  };
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

/** Whether a line speaks of this workload, or may. */
export function isMeantFor({ workload, container }: ImageLine, { name, template }: ImageTarget): boolean {
  if (workload !== undefined) return workload === name;
  return container === undefined || containerNames(template).includes(container);
}

/** A problem for each line that is meant for none of the workloads: a name that is misspelt must not pass unseen. */
export function strayImages(lines: readonly ImageLine[], targets: readonly ImageTarget[]): readonly string[] {
  const has = targets.map(({ name, template }) => `${name} has ${containerNames(template).join(', ')}`).join('; ');
  return lines
    .filter((line) => !targets.some((target) => isMeantFor(line, target)))
    .map((line) => `images: "${targetOf(line)}" is no container of this run (${has}); correct the name`);
}

function parseLine(line: string): ImageLine | string {
  const shown = showRelease(line);
  const equals = line.indexOf('=');
  const image = line.slice(equals + 1).trim();
  const problem = imageReferenceProblem(image);
  if (problem) return `images: "${shown}" ${problem}`;
  if (equals < 0) return { image };
  const parts = line
    .slice(0, equals)
    .trim()
    .replace(/^deploy(ments?)?(\.apps)?\//i, '')
    .split('/');
  const [container = '', workload] = parts.reverse();
  if (container === '*') return `images: "${shown}" would change sidecars too; name the container`;
  if (container === '' || workload === '' || parts.length > 2)
    return `images: "${shown}" names no container; write container=image or workload/container=image`;
  return { container, image, ...(workload !== undefined && { workload }) };
}

function repetitions(lines: readonly ImageLine[]): readonly string[] {
  const targets = lines.map(targetOf);
  const repeated = new Set(targets.filter((target, index) => targets.indexOf(target) !== index));
  return [...repeated].map((target) => `images: ${target ? `"${target}"` : 'a bare image'} is given twice; leave one`);
}

function targetOf({ workload, container }: ImageLine): string {
  return [workload, container].filter((part) => part !== undefined).join('/');
}

/** The more a line names, the more it counts. */
function rank({ workload, container }: ImageLine): number {
  return (workload === undefined ? 0 : 2) + (container === undefined ? 0 : 1);
}

function containerNames({ spec: { containers, initContainers = [] } }: PodTemplate): readonly string[] {
  return [...initContainers, ...containers].map(({ name }) => name);
}

/** A line without a workload may be meant for another workload of the train; one that names this workload may not. */
function problemOf(line: ImageLine, has: readonly string[], containers: readonly Container[]): readonly string[] {
  if (line.container === undefined && containers.length > 1)
    return [`images: "${line.image}" fits any of ${has.join(', ')}; write container=image`];
  if (line.workload !== undefined && line.container !== undefined && !has.includes(line.container))
    return [`images: it has no container "${line.container}" (has: ${has.join(', ')})`];
  return [];
}
