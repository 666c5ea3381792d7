import { code } from './markdown.ts';

/** As GitHub's runner gives it, on any GitHub Enterprise Server, too. */
const RUN = /^https?:\/\/[\w.-]+(:\d+)?\/[\w.-]+\/[\w.-]+\/actions\/runs\/(\d{1,20})$/;

/** A link to a workflow run by its foreign URL; what is no such URL is shown and leads nowhere. Empty for an empty one. */
export function runLink(url: string): string {
  const id = RUN.exec(url)?.[2];
  return id === undefined ? code(url) : `[run ${id}](${url})`;
}
