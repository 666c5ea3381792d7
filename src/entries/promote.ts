import { connect, openGate } from '../connect.ts';
import { runAction } from '../github/action.ts';
import { runTrain } from '../run/train.ts';

await runAction((runner) => runTrain('promote', runner, { connect, openGate }));
