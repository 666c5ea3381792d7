import { connect, openGate } from '../connect.ts';
import { createRunner } from '../github/runner.ts';
import { runTrain } from '../run.ts';

await runTrain('roll', createRunner(), connect, openGate);
