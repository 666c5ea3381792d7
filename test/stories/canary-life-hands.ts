import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { HandDeed, Life } from './canary-life.ts';

const hands = [undo, resume, pause, scale, setImage, changeSurge] as const;

/** Chooses what somebody does by kubectl. */
export function chooseHand(life: Life): Promise<HandDeed> {
  return life.random.pick(hands)(life);
}

/** kubectl refuses to undo what is paused, so whoever wants to resumes it first. */
async function undo({ desk }: Life): Promise<HandDeed> {
  const [replicaSets, { spec }] = [await desk.replicaSets(), await desk.deployment()];
  const act = async () => {
    if (replicaSets.length < 2) return;
    if (spec.paused) await desk.byHand.patch('web', { spec: { paused: null } });
    await desk.byHand.undo('web');
  };
  return { title: `kubectl rollout undo${spec.paused ? ', after resume' : ''}`, act };
}

async function resume({ desk }: Life): Promise<HandDeed> {
  return { title: 'kubectl rollout resume', act: () => desk.byHand.patch('web', { spec: { paused: null } }) };
}

async function pause({ desk }: Life): Promise<HandDeed> {
  return { title: 'kubectl rollout pause', act: () => desk.byHand.pause('web') };
}

async function scale(life: Life): Promise<HandDeed> {
  const replicas = 1 + life.random.integer(5);
  const act = async () => {
    await life.desk.byHand.scale('web', replicas);
    life.replicas = replicas;
  };
  return { title: `kubectl scale to ${replicas}`, act };
}

async function setImage(life: Life): Promise<HandDeed> {
  const image = webImage(life.random.pick(['1.7', '1.8', '1.9']));
  return { title: `kubectl set image ${image}`, act: () => life.desk.byHand.setImage('web', image) };
}

/** To a share that no canary takes: whose it is can be told. */
async function changeSurge(life: Life): Promise<HandDeed> {
  const maxSurge = life.random.pick(['60%', '70%', '80%']);
  const { maxUnavailable } = life.shop.before.spec.strategy.rollingUpdate ?? {};
  const act = async () => {
    await life.desk.byHand.patch('web', { spec: { strategy: { rollingUpdate: { maxSurge } } } });
    life.own = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } } };
  };
  return { title: `kubectl patch of maxSurge to ${maxSurge}`, act };
}
