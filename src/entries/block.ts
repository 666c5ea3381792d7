import { createClock } from '../clock.ts';
import { connectGate } from '../connect-gate.ts';
import { createRunner } from '../github/runner.ts';
import { runBlock } from '../run/block.ts';

await runBlock(createRunner(), connectGate, createClock());
