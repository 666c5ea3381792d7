import type { StoredRecord } from '../gate/record.ts';

/** A deployment as the record that it is; undefined for what is no deployment. */
export function toStoredRecord(deployment: unknown): StoredRecord | undefined {
  const fields = fieldsOf(deployment);
  const { id, payload } = fields;
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return undefined;
  return {
    id,
    environment: text(fields['environment']),
    task: text(fields['task']),
    creator: text(fieldsOf(fields['creator'])['login']),
    app: text(fieldsOf(fields['performed_via_github_app'])['slug']),
    createdAt: text(fields['created_at']),
    payload: typeof payload === 'string' ? parsed(payload) : payload,
  };
}

/** GitHub gives a payload back as it was given: as an object, or as the text of one. */
function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
