import type { GateReport, Result, WorkloadResult } from '../result.ts';
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

function redactGate({ closed, ...gate }: GateReport, clean: (line: string) => string): GateReport {
  return {
    ...gate,
    ...(closed && { closed: { ...closed, why: clean(closed.why) } }),
    blocks: gate.blocks.map((block) => ({ ...block, reason: clean(block.reason), problem: clean(block.problem) })),
    warnings: gate.warnings.map(clean),
  };
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
