import { setTimeout as pause } from 'node:timers/promises';
import type { FakeClock } from './fake-clock.ts';
import type { Fault, IncomingRequest } from './faults.ts';
import type { Outcome } from './listener.ts';
import { limitHeaders, tooMuchAtOnce } from './rate-limit.ts';
import { type Reply, refusal } from './reply.ts';

/** Lets a fault happen to a request, which `carryOut` carries out. */
export async function meetFault(
  fault: Fault,
  request: IncomingRequest,
  clock: FakeClock,
  carryOut: () => Reply,
): Promise<Outcome> {
  if ('answer' in fault) return forced(fault);
  if ('limited' in fault) return limited(fault, clock);
  if ('reset' in fault) {
    if (fault.reset === 'after') carryOut();
    return 'reset';
  }
  if ('silence' in fault) {
    if (fault.silence === 'after') carryOut();
    return 'silence';
  }
  if ('delayMs' in fault) await pause(fault.delayMs, undefined, { ref: false });
  if ('before' in fault) await fault.before(request);
  const reply = carryOut();
  if ('after' in fault) await fault.after(request);
  return reply;
}

function forced({ answer, message = 'Server Error', body, headers = {} }: Extract<Fault, { answer: number }>): Reply {
  if (body !== undefined) return { status: answer, body, headers };
  if (answer < 500) return refusal(answer, message, headers);
  return { status: answer, body: `<html><title>Unicorn!</title><p>${message}</p></html>`, headers };
}

function limited(fault: Extract<Fault, { limited: string }>, clock: FakeClock): Reply {
  if (fault.limited === 'secondary') return tooMuchAtOnce(fault.status ?? 403, fault.retryAfterSeconds);
  const headers = limitHeaders(1000, 0, clock.now() + fault.resetAfterSeconds * 1000);
  return refusal(403, 'API rate limit exceeded for installation.', headers);
}
