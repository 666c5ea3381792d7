import { connect } from '../connect.ts';
import { createRunner } from '../github/runner.ts';
import { runHistory } from '../run.ts';

await runHistory(createRunner(), connect);
