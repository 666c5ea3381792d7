import type { StoredRecord } from '../gate/record.ts';
import { fieldsOf, textOf } from './json-fields.ts';

/** A deployment as the record that it is; undefined for what is no deployment. */
export function toStoredRecord(deployment: unknown): StoredRecord | undefined {
  const fields = fieldsOf(deployment);
  const { id, payload } = fields;
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return undefined;
  return {
    id,
    environment: textOf(fields['environment']),
    task: textOf(fields['task']),
    creator: textOf(fieldsOf(fields['creator'])['login']),
    app: appOf(fields['performed_via_github_app']),
    createdAt: textOf(fields['created_at']),
    payload: typeof payload === 'string' ? parsed(payload) : payload,
  };
}

/** One that is named but cannot be read is not taken for none. */
function appOf(app: unknown): string {
  return app === null || app === undefined ? '' : textOf(fieldsOf(app)['slug']) || 'unknown';
}

/** GitHub gives a payload back as it was given: as an object, or as the text of one. */
function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}
