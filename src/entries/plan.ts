import { connect } from '../connect.ts';
import { createRunner } from '../github/runner.ts';
import { runTrain } from '../run.ts';

await runTrain('plan', createRunner(), connect);
