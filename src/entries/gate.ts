import { createClock } from '../clock.ts';
import { connectGate } from '../connect-gate.ts';
import { runAction } from '../github/action.ts';
import { runGate } from '../run/gate.ts';

await runAction((runner) => runGate(runner, (token) => connectGate(token, runner, 'read'), createClock()));
