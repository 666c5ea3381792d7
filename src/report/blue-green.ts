import type { Result } from '../result.ts';
import type { BlueGreenReport, ColourReport } from '../rollout/blue-green-report.ts';
import { code, table, text } from './markdown.ts';

/** Which colour the Service selects, what the other one has, and what a way back to that takes. */
export function blueGreenSection({ blueGreen, outcome }: Result): string {
  if (!blueGreen) return '';
  const { service, live, idle, remark } = blueGreen;
  const row = (role: string, { workload, release, label, pods }: ColourReport) => [
    role,
    code(workload),
    code(release || label),
    String(pods),
  ];
  const rows = [row(`selected by service ${code(service)}`, live), row('serves nobody', idle)];
  const sentences = outcome === 'planned' ? [planned(blueGreen)] : [switching(blueGreen), remark && `${text(remark)}.`];
  return [table(['', 'Deployment', 'Release', 'Pods'], rows), sentences.filter(Boolean).join(' ')]
    .filter(Boolean)
    .join('\n\n');
}

function planned({ service, idle, remark }: BlueGreenReport): string {
  return remark && `Service ${code(service)} would be switched to ${code(idle.workload)}.`;
}

function switching({ service, live, idle, switched }: BlueGreenReport): string {
  switch (switched) {
    case 'yes':
      return `Service ${code(service)} was switched from ${code(idle.workload)} to ${code(live.workload)} in one write.`;
    case 'back':
      return `Service ${code(service)} was switched to ${code(idle.workload)}, and back to ${code(live.workload)}.`;
    case 'no':
      return `Service ${code(service)} was not switched.`;
    case 'unknown':
      return `Whether service ${code(service)} was switched could not be seen: run it again, it carries on from what it finds.`;
  }
}
