import { startBed } from './bed.ts';

// Starts a bed to try things on by hand, and takes it down on Ctrl-C.
const [, , ...identities] = process.argv;
const started = Date.now();
const bed = await startBed({ identities, log: console.error });
console.error(`ready in ${((Date.now() - started) / 1000).toFixed(1)} s; stop with Ctrl-C`);
console.log(`export KUBECONFIG=${bed.kubeconfig}`);
console.log(`alias kubectl=${bed.kubectlPath}`);
for (const identity of identities) console.log(`# ${identity}: ${bed.kubeconfigFor(identity)}`);
await new Promise<void>((resolve) => {
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
  // Nothing else keeps this process alive.
  setInterval(() => {}, 60_000);
});
await bed.stop();
process.exit(0);
