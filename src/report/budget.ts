/** GitHub drops a whole summary above 1 MiB (actions/runner, AttachmentSizeLimit). */
export const SUMMARY_BUDGET = 900 * 1024;

const NOTICE_ROOM = 400;

export interface Section {
  /** What is missing when it is cut, e.g. `the timeline`. */
  readonly name: string;
  readonly markdown: string;
  /** Whether it goes before any other does. */
  readonly expendable?: boolean;
}

/** The sections in their order, as far as they fit into `budget` bytes; says by name which had to be cut. */
export function fitSections(sections: readonly Section[], budget = SUMMARY_BUDGET): string {
  const filled = sections.filter(({ markdown }) => markdown !== '');
  const dearestFirst = filled.toSorted(
    (one, other) => Number(one.expendable ?? false) - Number(other.expendable ?? false),
  );
  const fitting = new Set<Section>();
  let room = budget - NOTICE_ROOM;
  for (const section of dearestFirst) {
    const size = Buffer.byteLength(section.markdown) + 2;
    if (size > room) continue;
    fitting.add(section);
    room -= size;
  }
  const cut = filled.filter((section) => !fitting.has(section)).map(({ name }) => name);
  const notice = `This summary is too long for GitHub, so it was cut: ${cut.join(', ')}. The output \`result\` has everything.`;
  const shown = filled.filter((section) => fitting.has(section)).map(({ markdown }) => markdown);
  return `${[...shown, ...(cut.length > 0 ? [notice] : [])].join('\n\n')}\n`;
}
