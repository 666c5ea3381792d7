import { createTwoFilesPatch } from 'diff';
import { dump } from 'js-yaml';
import type { PodTemplate } from './objects.ts';
import { withoutHash } from './template.ts';

/** What changes from one template to another, as unified diff lines of their YAML, without headers; empty when equal. */
export function templateDiff(from: PodTemplate, to: PodTemplate): readonly string[] {
  const patch = createTwoFilesPatch('', '', yaml(from), yaml(to), '', '', { context: 3 });
  const lines = patch.trimEnd().split('\n');
  const start = lines.findIndex((line) => line.startsWith('@@'));
  return start < 0 ? [] : lines.slice(start);
}

function yaml(template: PodTemplate): string {
  return dump(withoutHash(template), { sortKeys: true, lineWidth: -1, noRefs: true });
}
