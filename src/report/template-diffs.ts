import type { WorkloadResult } from '../result.ts';
import { details, fence, text } from './markdown.ts';

const LONGEST_UNFOLDED = 20;

/** What would change in each pod template; long diffs are folded. */
export function templateDiffs(workloads: readonly WorkloadResult[]): string {
  return workloads
    .filter(({ templateDiff }) => templateDiff.length > 0)
    .map(({ workload, templateDiff }) => {
      const title = `Template of ${workload}`;
      const diff = fence(templateDiff, { language: 'diff' });
      const folded = templateDiff.length > LONGEST_UNFOLDED;
      return folded ? details(`${title} (${templateDiff.length} lines)`, diff) : `${text(title)}:\n\n${diff}`;
    })
    .join('\n\n');
}
