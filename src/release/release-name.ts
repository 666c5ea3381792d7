import { showRelease, UNPRINTABLE } from './release-text.ts';

/** In characters. A name is shown whole in log lines and tables, and stands in every record of its release. */
const LONGEST_NAME = 200;

/** What is wrong with a release's name, as one line that says what to do; undefined for a name that can be used. */
export function releaseNameProblem(name: string): string | undefined {
  if (name.trim() === '') {
    return 'release is empty: name the release to deploy, for example 1.4.2';
  }
  if (name.search(UNPRINTABLE) !== -1 || hides(name)) {
    return `release "${showRelease(name)}" has a line end, control or invisible character: remove it`;
  }
  if (name !== name.trim()) {
    return `release "${showRelease(name)}" begins or ends with a space: remove it`;
  }
  if (name.includes('::') || name.includes('##[')) {
    return `release "${showRelease(name)}" has "::" or "##[", which begin a workflow command: use another separator`;
  }
  const length = Array.from(name).length;
  if (length > LONGEST_NAME) {
    return `release "${showRelease(name)}" has ${length} characters: shorten it to ${LONGEST_NAME} or fewer`;
  }
  const composed = name.normalize('NFC');
  if (name !== composed) {
    const why = 'is not composed (Unicode NFC), so that it looks like another';
    return `release "${showRelease(name)}" ${why}: write it "${showRelease(composed)}"`;
  }
  return undefined;
}

/** Whether it has characters that are not seen: it would look like another release, and pass for it. Emoji may have them. */
function hides(name: string): boolean {
  // The set of all emoji takes 20 ms to compile.
  return UNSEEN.test(name) && UNSEEN.test(name.replaceAll(/\p{RGI_Emoji}/gv, ''));
}

const UNSEEN = /\p{Default_Ignorable_Code_Point}/u;
