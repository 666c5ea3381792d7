import { connect, openGate } from '../connect.ts';
import { createRunner } from '../github/runner.ts';
import { runHistory } from '../run/history.ts';

await runHistory(createRunner(), connect, openGate);
