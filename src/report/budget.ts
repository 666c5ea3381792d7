/** GitHub drops a whole summary above 1 MiB (actions/runner, AttachmentSizeLimit). */
export const SUMMARY_BUDGET = 900 * 1024;

const NOTICE_ROOM = 400;

export interface Section {
  /** What is missing when it is cut, e.g. `the timeline`. */
  readonly name: string;
  readonly markdown: string;
}

/** The sections in their order, as far as they fit into `budget` bytes; says by name which had to be cut. */
export function fitSections(sections: readonly Section[], budget = SUMMARY_BUDGET): string {
  const filled = sections.filter(({ markdown }) => markdown !== '');
  const fitting: string[] = [];
  const cut: string[] = [];
  let room = budget - NOTICE_ROOM;
  for (const { name, markdown } of filled) {
    const size = Buffer.byteLength(markdown) + 2;
    if (size <= room) {
      fitting.push(markdown);
      room -= size;
    } else {
      cut.push(name);
    }
  }
  const notice = `This summary is too long for GitHub, so it was cut: ${cut.join(', ')}. The output \`result\` has everything.`;
  return `${[...fitting, ...(cut.length > 0 ? [notice] : [])].join('\n\n')}\n`;
}
