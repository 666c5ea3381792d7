import { connect } from '../connect.ts';
import { createRunner } from '../github/runner.ts';
import { runTrain } from '../run/train.ts';

await runTrain('plan', createRunner(), { connect });
