import type { GateReport } from '../gate/gate-report.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { redact } from './redact.ts';

/**
 * A result without what looks like a credential in the words of others: what containers and kubelets said may hold any.
 * Evidence was cleaned when it was gathered; a template's diff shows what a template holds.
 */
export function redactResult(result: Result, secrets: readonly string[] = []): Result {
  const clean = (line: string) => redact(line, secrets);
  const message = result.message.split('\n').map(clean).join('\n');
  const checks = result.checks.map((check) => ({ ...check, message: clean(check.message) }));
  const gate = redactGate(result.gate, clean);
  return {
    ...result,
    message,
    checks,
    gate,
    workloads: result.workloads.map((workload) => redactWorkload(workload, clean)),
  };
}

function redactGate(gate: GateReport, clean: (line: string) => string): GateReport {
  const blocks = gate.blocks.map((each) => ({ ...each, reason: clean(each.reason), problem: clean(each.problem) }));
  const rest = { blocks, warnings: gate.warnings.map(clean) };
  if (gate.answer !== 'closed') return { ...gate, ...rest };
  const closed = { ...gate.closed, why: clean(gate.closed.why) };
  const { block } = closed;
  return { ...gate, ...rest, closed: block ? { ...closed, block: { ...block, reason: clean(block.reason) } } : closed };
}

function redactWorkload(workload: WorkloadResult, clean: (line: string) => string): WorkloadResult {
  const { message, warnings, timeline, podStates, cause, rollback } = workload;
  return {
    ...workload,
    message: clean(message),
    warnings: warnings.map(clean),
    timeline: timeline.map((moment) => ({ ...moment, text: clean(moment.text) })),
    podStates: podStates.map(clean),
    ...(cause && { cause: { ...cause, message: clean(cause.message) } }),
    ...(rollback && { rollback: { ...rollback, message: clean(rollback.message) } }),
  };
}
