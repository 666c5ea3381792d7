import { createClock } from '../clock.ts';
import { connectGate } from '../connect-gate.ts';
import { createRunner } from '../github/runner.ts';
import { runGate } from '../run/gate.ts';

await runGate(createRunner(), connectGate, createClock());
