import { connect, openGate } from '../connect.ts';
import { connectReviews } from '../connect-reviews.ts';
import { runAction } from '../github/action.ts';
import { runTrain } from '../run/train.ts';

await runAction((runner) => runTrain('abort', runner, { connect, openGate, openReviews: connectReviews }));
