import { removeKubeconfig } from '../cluster/kubeconfig-file.ts';
import { connect } from '../connect.ts';
import { finishReturning } from '../finish-returning.ts';
import { createRunner, KUBECONFIG_STATE, RETURNING_STATE } from '../github/runner.ts';

const runner = createRunner();
const files = [runner.kept(KUBECONFIG_STATE)];
const keep = (name: string, value: string) => void (name === KUBECONFIG_STATE && files.push(value));
await finishReturning(runner.kept(RETURNING_STATE), { ...runner, keep }, connect);
await Promise.all(files.filter((path) => path !== '').map(removeKubeconfig));
