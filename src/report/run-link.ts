import { runHome } from '../gate/run-home.ts';
import { code } from './markdown.ts';

/** A link to a workflow run by its foreign URL; what is no such URL is shown and leads nowhere. Empty for an empty one. */
export function runLink(url: string): string {
  const home = runHome(url);
  return home ? `[run ${home.id}](${url})` : code(url);
}
