import { whyAndLift } from '../gate/gate-commands.ts';
import type { BlockRecord } from '../gate/record.ts';
import type { Decision } from '../gate/rule.ts';
import type { Runner } from '../github/runner.ts';
import { type GateInputs, readGateInputs } from '../inputs/read-gate-inputs.ts';
import { askGate } from '../operations/ask-gate.ts';
import type { Clock } from '../ports.ts';
import { showRelease } from '../release/release-text.ts';
import { formatGateSummary } from '../report/gate-summary.ts';
import { safeLine } from '../report/log-line.ts';
import { type ConnectGate, runStep, type StepEnd } from './gate-step.ts';

export const GATE_OUTPUTS = [
  'allowed',
  'reason-code',
  'message',
  'block',
  'blocked-by',
  'block-reason',
  'block-run-url',
  'blocked-at',
  'result',
] as const;

type Outputs = Readonly<Record<(typeof GATE_OUTPUTS)[number], string>>;

/** Runs gate/: fails the job when the release may not enter the environment, or nobody can say. Never throws. */
export async function runGate(runner: Runner, connect: ConnectGate, clock: Clock): Promise<void> {
  await runStep(runner, {
    nothingHappened: nothingHappened(),
    undone: `the gate could not be asked whether ${showRelease(runner.input('release'))} may enter ${showRelease(runner.input('environment'))}, and stays closed`,
    cancelled: 'the gate stays closed',
    act: async () => {
      const inputs = readGateInputs(runner.input);
      const gate = await connect(inputs.token, runner);
      const decision = await askGate({ gate, clock, log: runner.log }, inputs);
      return stepEnd({ ...inputs, runUrl: runner.context.runUrl }, decision, clock.now());
    },
    stopped: ({ code, message }) => {
      const said = { 'reason-code': code, message: safeLine(message) };
      const [release, environment] = ['release', 'environment'].map((name) => safeLine(runner.input(name)));
      const result = { schemaVersion: 1, release, environment, allowed: false, reasonCode: code, message };
      return { ...nothingHappened(), ...said, result: JSON.stringify(result) };
    },
  });
}

type AskedHere = GateInputs & { readonly runUrl: string };

function stepEnd(inputs: AskedHere, decision: Decision, now: number): StepEnd {
  const [release, environment] = [showRelease(inputs.release), showRelease(inputs.environment)];
  const may = decision.kind === 'open' ? 'may' : 'may not';
  return {
    outputs: outputsOf(inputs, decision),
    level: decision.kind === 'open' ? 'info' : 'error',
    title: `Release ${release} ${may} enter ${environment}`,
    message: messageOf(inputs, decision),
    summary: formatGateSummary(inputs, decision, now),
  };
}

/** Why, and what would change it, in one line. */
function messageOf(inputs: AskedHere, decision: Decision): string {
  if (decision.kind === 'closed') return whyAndLift(inputs, decision);
  return `release ${showRelease(inputs.release)} may enter ${showRelease(inputs.environment)}: ${decision.why}`;
}

function outputsOf(inputs: GateInputs, decision: Decision): Outputs {
  const { release, environment, scope, after, soakMs, allowRedeploy } = inputs;
  const allowed = decision.kind === 'open';
  const { id, block } = decision.kind === 'closed' ? decision : {};
  const said = block && plainBlock(block);
  const reasonCode = decision.kind === 'closed' ? decision.code : 'open';
  const besides = decision.kind === 'closed' && decision.besides ? `; ${decision.besides}` : '';
  const message = safeLine(`${decision.why}${besides}`);
  const asked = { release, environment, scope, after, soakSeconds: soakMs / 1000, allowRedeploy };
  const record = { record: id ?? null, block: said ?? null };
  return {
    ...{ allowed: String(allowed), 'reason-code': reasonCode, message, block: id === undefined ? '' : String(id) },
    ...{ 'blocked-by': said?.actor ?? '', 'block-reason': said?.reason ?? '' },
    ...{ 'block-run-url': said?.runUrl ?? '', 'blocked-at': said?.at ?? '' },
    result: JSON.stringify({ schemaVersion: 1, ...asked, allowed, reasonCode, message, ...record }),
  };
}

/** Foreign words as lines that a later step may print. */
function plainBlock({ environment, actor, reason, runUrl, at }: BlockRecord) {
  const [where, who, why, run, when] = [environment, actor, reason, runUrl, at].map((each) => safeLine(each));
  return { environment: where, actor: who, reason: why, runUrl: run, at: when };
}

function nothingHappened(): Outputs {
  const texts = Object.fromEntries(GATE_OUTPUTS.map((name) => [name, '']));
  return { ...(texts as Outputs), allowed: 'false', result: '{}' };
}
