import { once } from 'node:events';
import { startBed } from './bed.ts';

// Starts a bed to try things on by hand, with a token for every user named as an argument, and takes it down on Ctrl-C.
const [, , ...identities] = process.argv;
const started = Date.now();
const asked = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
try {
  const bed = await startBed({ identities, log: console.error });
  console.error(`ready in ${((Date.now() - started) / 1000).toFixed(1)} s; stop with Ctrl-C`);
  console.log(`export KUBECONFIG=${bed.kubeconfig}`);
  console.log(`alias kubectl=${bed.kubectlPath}`);
  for (const identity of identities) console.log(`# ${identity}: ${bed.kubeconfigFor(identity)}`);
  // Waiting for a signal keeps no process alive.
  const alive = setInterval(() => {}, 60_000);
  await asked;
  clearInterval(alive);
  await bed.stop();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
