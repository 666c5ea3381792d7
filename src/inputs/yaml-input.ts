import { errorMessage } from '../errors.ts';
import { showRelease } from '../release/release-text.ts';

/** The content of an input that is YAML: `value` is undefined for an empty one. */
export interface YamlInput {
  readonly value: unknown;
  /** One line each. */
  readonly problems: readonly string[];
}

const LONGEST = 65_536;

/**
 * Parses one YAML document of plain values (YAML 1.2 core schema, and the merge key `<<` of Compose files). The parser is
 * loaded only for an input that is not empty: a rollback in the night does not wait for it.
 */
export async function parseYamlInput(name: string, text: string): Promise<YamlInput> {
  if (isEmpty(text)) return { value: undefined, problems: [] };
  if (text.length > LONGEST) return refused(`${name} is longer than ${LONGEST} characters: shorten it`);
  const { CORE_SCHEMA, load, mergeTag, YAMLException } = await import('js-yaml');
  try {
    return { value: load(text, { schema: CORE_SCHEMA.withTags(mergeTag) }) ?? undefined, problems: [] };
  } catch (error) {
    // The whole message of a YAMLException shows the lines around the mistake, and these may hold a token.
    const [reason, mark] = error instanceof YAMLException ? [error.reason, error.mark] : [errorMessage(error)];
    const where = mark ? ` in line ${mark.line + 1}` : '';
    return refused(`${name} is not YAML (${showRelease(reason)}${where}): check its dashes, colons and indentation`);
  }
}

/** Nothing but blank lines and comments. */
function isEmpty(text: string): boolean {
  return text.split(/\r\n|\r|\n/).every((line) => /^\s*(#|$)/.test(line));
}

function refused(problem: string): YamlInput {
  return { value: undefined, problems: [problem] };
}
