import type { ApiOutgoing } from './listener.ts';

/** What a handler answers: a JSON body, a text, or a stream that it writes itself. */
export type Reply =
  | { readonly code: number; readonly body: unknown; readonly contentType?: string }
  | { readonly code: number; readonly text: string }
  | { readonly code: 200; readonly stream: (response: ApiOutgoing) => void };

export const ok = (body: unknown): Reply => ({ code: 200, body });
export const created = (body: unknown): Reply => ({ code: 201, body });
