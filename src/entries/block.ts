import { createClock } from '../clock.ts';
import { connectGate } from '../connect-gate.ts';
import { runAction } from '../github/action.ts';
import { runBlock } from '../run/block.ts';

await runAction((runner) => runBlock(runner, (token) => connectGate(token, runner, 'write'), createClock()));
