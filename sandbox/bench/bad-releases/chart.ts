import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the smallest chart that holds an object as it is; returns its folder. */
export function writeChart(folder: string, version: string, object: unknown): string {
  const chart = join(folder, `chart-${version}`);
  mkdirSync(join(chart, 'templates'), { recursive: true });
  // JSON is YAML.
  const about = { apiVersion: 'v2', name: 'web', version: `${version}.0`, appVersion: version };
  writeFileSync(join(chart, 'Chart.yaml'), JSON.stringify(about));
  writeFileSync(join(chart, 'templates', 'web.yaml'), JSON.stringify(object, null, 2));
  return chart;
}
