import { createScreen } from './screen.ts';
import { openShop } from './shop.ts';
import { createSteps } from './steps.ts';
import { FIRST_IMAGE, tell } from './story.ts';

// The product in one minute, for somebody who has never seen it. Every step must end as told, or the demo fails.
const screen = createScreen();
screen.title("Rollkey rolls a Kubernetes workload forward to a release, or back to one, by the release's name.");
screen.say(`
Here the built actions run as in a GitHub workflow, against a small Kubernetes and a small GitHub in this process:
a deploy, a bad one that is rolled back by itself, the gate that keeps it out of production, an accident by hand,
and back to 1.0 by its name.`);
const began = performance.now();
try {
  const shop = await openShop(FIRST_IMAGE);
  try {
    await tell(shop, createSteps(shop, screen), screen);
  } finally {
    await shop.stop();
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  screen.title(`\nEvery step ended as told, in ${seconds} s. Your own workflow: see README.md.`);
} catch (error) {
  console.error(`\nThe demo went wrong: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
