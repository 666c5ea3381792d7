import { connect, openGate } from '../connect.ts';
import { createRunner } from '../github/runner.ts';
import { runTrain } from '../run/train.ts';

await runTrain('promote', createRunner(), { connect, openGate });
