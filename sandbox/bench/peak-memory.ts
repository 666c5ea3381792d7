import { readFileSync } from 'node:fs';
import type { Started } from './process.ts';

const interval = 2;

/**
 * Watches a process and its descendants until it ends; resolves with the largest resident set that any single one of
 * them had, in MB (VmHWM, which keeps its peak, read every two milliseconds).
 */
export async function peakMemory({ child, ended }: Started): Promise<number> {
  let peak = 0;
  const sample = () => {
    for (const pid of family(child.pid ?? 0)) peak = Math.max(peak, residentPeak(pid));
  };
  const timer = setInterval(sample, interval);
  try {
    await ended;
  } finally {
    clearInterval(timer);
  }
  return (peak * 1024) / 1e6;
}

function family(pid: number): readonly number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(family)];
}

/** In KiB; 0 for a process that has ended meanwhile. */
function residentPeak(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
