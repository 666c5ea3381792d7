import { getState } from '@actions/core';

getState('kubeconfig');
