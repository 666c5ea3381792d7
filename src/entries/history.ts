import { connect } from '../connect.ts';
import { connectGate } from '../connect-gate.ts';
import { createRunner } from '../github/runner.ts';
import { runHistory } from '../run-history.ts';

await runHistory(createRunner(), connect, connectGate);
