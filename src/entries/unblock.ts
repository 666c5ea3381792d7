import { createClock } from '../clock.ts';
import { connectGate } from '../connect-gate.ts';
import { runAction } from '../github/action.ts';
import { runUnblock } from '../run/unblock.ts';

await runAction((runner) => runUnblock(runner, (token) => connectGate(token, runner, 'write'), createClock()));
