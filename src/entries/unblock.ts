import { createClock } from '../clock.ts';
import { connectGate } from '../connect-gate.ts';
import { createRunner } from '../github/runner.ts';
import { runUnblock } from '../run/unblock.ts';

await runUnblock(createRunner(), connectGate, createClock());
