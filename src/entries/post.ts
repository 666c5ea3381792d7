import { removeKubeconfig } from '../cluster/kubeconfig-file.ts';
import { createRunner, KUBECONFIG_STATE } from '../github/runner.ts';

const path = createRunner().kept(KUBECONFIG_STATE);
if (path !== '') await removeKubeconfig(path);
