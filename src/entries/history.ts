import { connect, openGate } from '../connect.ts';
import { runAction } from '../github/action.ts';
import { runHistory } from '../run/history.ts';

await runAction((runner) => runHistory(runner, connect, (token) => openGate(token, runner, 'read')));
