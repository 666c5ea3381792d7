/**
 * A workflow with what act knows: `$/gate` becomes `rollkey/rollkey/gate@v0`, and what act only checks and would refuse is
 * left out. It heeds environments, permissions and concurrency as little without as with that.
 */
export function workflowForAct(text: string): string {
  const rewritten = text
    .replaceAll(/^(\s*(?:- )?uses: )\$\/([\w-]+)$/gm, '$1rollkey/rollkey/$2@v0')
    .replaceAll(/^\s*(deployment: false|queue: max)( #.*)?\n/gm, '')
    .replaceAll(/, (deployment: false|queue: max)(?= })/g, '');
  const left = /uses: ['"]?\$\/|deployment: false|queue: max/.exec(rewritten.replaceAll(/(^|\s)#.*$/gm, ''));
  if (left) throw new Error(`${left[0]} is written in a way that is not looked for`);
  return rewritten;
}
