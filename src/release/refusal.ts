/** A demand that cannot be met, as a value: which kind of no, and one line that says what to do. */
export interface Refusal {
  readonly kind: 'refused';
  readonly reasonCode: 'release-unknown' | 'mode-refused' | 'no-canary';
  readonly message: string;
}

export function refuse(reasonCode: Refusal['reasonCode'], message: string): Refusal {
  return { kind: 'refused', reasonCode, message };
}

export function isRefusal(answer: { readonly kind: string }): answer is Refusal {
  return answer.kind === 'refused';
}
