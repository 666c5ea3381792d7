import { connect, openGate } from '../connect.ts';
import { connectReviews } from '../connect-reviews.ts';
import { createRunner } from '../github/runner.ts';
import { runTrain } from '../run/train.ts';

await runTrain('abort', createRunner(), { connect, openGate, openReviews: connectReviews });
