import { badRequest } from '../model/api-error.ts';
import { type FieldType, type Message, messages, type SingleType, unknownEnvelope } from './protobuf-messages.ts';

const magic = Buffer.from('k8s\0');

/**
 * Decodes the body kubectl sends when it creates objects from flags: `k8s\0`, then a runtime.Unknown that wraps the
 * object. Only the fields of `messages` are read, the others are passed over.
 */
export const decodeProtobuf = (body: Buffer): unknown => {
  if (!body.subarray(0, magic.length).equals(magic)) throw badRequest('the protobuf body has no k8s prefix');
  const envelope = decodeMessage(body.subarray(magic.length), unknownEnvelope) as {
    typeMeta?: { apiVersion?: string; kind?: string };
    raw?: Buffer;
  };
  const { apiVersion = '', kind = '' } = envelope.typeMeta ?? {};
  const message = messages[`${apiVersion}/${kind}`];
  if (message === undefined) throw badRequest(`no protobuf description of ${apiVersion} ${kind}`);
  return { apiVersion, kind, ...decodeMessage(envelope.raw ?? Buffer.alloc(0), message) };
};

const decodeMessage = (bytes: Buffer, message: Message): Record<string, unknown> => {
  const object: Record<string, unknown> = {};
  for (const { number, value } of readFields(bytes)) {
    const field = message[number];
    if (field === undefined) continue;
    const [name, type] = field;
    if (type === 'stringMap' || type === 'bytesMap') {
      const { key, text } = decodeEntry(value, type);
      object[name] = { ...(object[name] as object | undefined), [key]: text };
    } else if (isRepeated(type)) {
      object[name] = [...((object[name] as unknown[] | undefined) ?? []), decodeValue(value, type[0])];
    } else {
      object[name] = decodeValue(value, type);
    }
  }
  return object;
};

const isRepeated = (type: FieldType): type is readonly [SingleType] => Array.isArray(type);

const decodeValue = (value: Buffer | bigint, type: SingleType): unknown => {
  if (type === 'int') return Number(BigInt.asIntN(64, value as bigint));
  if (type === 'bool') return value !== 0n;
  if (type === 'bytes') return value;
  return type === 'string' ? (value as Buffer).toString('utf8') : decodeMessage(value as Buffer, type);
};

/** A map travels as entries: key in field 1, value in field 2; bytes become base64, as in JSON. */
const decodeEntry = (entry: Buffer | bigint, type: 'stringMap' | 'bytesMap'): { key: string; text: string } => {
  const fields = [...readFields(entry as Buffer)];
  const part = (number: number) =>
    (fields.find((field) => field.number === number)?.value ?? Buffer.alloc(0)) as Buffer;
  return { key: part(1).toString('utf8'), text: part(2).toString(type === 'bytesMap' ? 'base64' : 'utf8') };
};

function* readFields(bytes: Buffer): Generator<{ readonly number: number; readonly value: Buffer | bigint }> {
  let at = 0;
  const varint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw badRequest('the protobuf body ends within a number');
      at += 1;
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
  };
  const take = (length: number): Buffer => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const wireType = tag & 7;
    const number = tag >> 3;
    if (wireType === 0) yield { number, value: varint() };
    else if (wireType === 2) yield { number, value: take(Number(varint())) };
    else take(wireType === 1 ? 8 : 4);
  }
}
