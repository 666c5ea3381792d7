/** Whether two names mean one environment: to GitHub, small and capital letters are the same in them. */
export function sameEnvironment(name: string, other: string): boolean {
  return environmentKey(name) === environmentKey(other);
}

/** What all spellings of an environment's name have in common, to find things by it. */
export function environmentKey(name: string): string {
  return name.toLowerCase();
}
