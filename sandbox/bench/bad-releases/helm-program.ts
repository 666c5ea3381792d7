import { ensureGoProgram } from '../../bed/go-program.ts';

export const helmVersion = 'v4.3.1';

/** Path of a helm, built once (minutes) into the user's cache folder. */
export function ensureHelm(log: (line: string) => void): Promise<string> {
  return ensureGoProgram({ name: 'helm', module: 'helm.sh/helm/v4/cmd/helm', version: helmVersion }, log);
}
