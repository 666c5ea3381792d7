/** What somebody reads who has to make up for a block that is missing. Foreign text is in it. */
export function missingBlockLine(release: string, problem: string): string {
  return `${release} could not be blocked, so it may enter the next environment; block it with block/: ${problem}`;
}
