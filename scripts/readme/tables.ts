interface Field {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string | boolean | number;
}

/** What an action.yml says about its inputs and outputs. */
export interface ActionManifest {
  readonly inputs?: Readonly<Record<string, Field>>;
  readonly outputs?: Readonly<Record<string, Field>>;
}

const TABLE = /(<!-- (inputs|outputs) of (\S+) -->\n)[\s\S]*?(<!-- end -->)/g;

/**
 * Fills each `<!-- inputs of plan/action.yml --> … <!-- end -->` of a README with the table that this action.yml gives
 * (`outputs of` likewise). Throws when a marker names no manifest.
 */
export function fillTables(readme: string, manifests: Readonly<Record<string, ActionManifest>>): string {
  return readme.replace(TABLE, (_all, begin: string, list: 'inputs' | 'outputs', path: string, end: string) => {
    const manifest = manifests[path];
    if (manifest === undefined) throw new Error(`README.md: ${path} is not an action of this repository`);
    return `${begin}${list === 'inputs' ? inputTable(manifest.inputs) : outputTable(manifest.outputs)}${end}`;
  });
}

function inputTable(inputs: ActionManifest['inputs'] = {}): string {
  return table(
    ['input', 'default', 'meaning'],
    Object.entries(inputs).map(([name, field]) => [code(name), shownDefault(field), field.description]),
  );
}

function outputTable(outputs: ActionManifest['outputs'] = {}): string {
  return table(
    ['output', 'meaning'],
    Object.entries(outputs).map(([name, { description }]) => [code(name), description]),
  );
}

function shownDefault({ required, default: value }: Field): string {
  if (required) return 'required';
  return value === undefined || value === '' ? '' : code(String(value));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |\n`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('');
}

function cell(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replaceAll('|', '\\|');
}

function code(text: string): string {
  return `\`${text}\``;
}
