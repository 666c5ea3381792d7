import type { GoProgram } from '../bed/go-program.ts';

/** Runs workflows without GitHub (https://nektosact.com). */
export const act: GoProgram = { name: 'act', module: 'github.com/nektos/act', version: 'v0.2.89' };

/** Reads workflows critically (https://github.com/rhysd/actionlint). */
export const actionlint: GoProgram = {
  name: 'actionlint',
  module: 'github.com/rhysd/actionlint/cmd/actionlint',
  version: 'v1.7.12',
};
