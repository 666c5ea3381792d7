import { setTimeout as pause } from 'node:timers/promises';

/** Tries again until nothing is thrown, for at most thirty seconds; then throws what was thrown last. */
export async function eventually(assertion: () => void | Promise<void>): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(250);
    }
  }
}
