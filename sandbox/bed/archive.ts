export interface ArchivedFile {
  readonly path: string;
  /** What the file holds, or the path that a symbolic link points to. */
  readonly content: Buffer | { readonly link: string };
  /** Permission bits; readable by all unless given. */
  readonly mode?: number;
}

const block = 512;

/** Packs files into a tar archive (POSIX ustar), the same bytes for the same files. */
export function archive(files: readonly ArchivedFile[]): Buffer {
  const parts = files.flatMap((file) => [header(file), contentOf(file), Buffer.alloc(padding(contentOf(file).length))]);
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function header(file: ArchivedFile): Buffer {
  const bytes = Buffer.alloc(block);
  bytes.write(file.path, 0, 100);
  bytes.write(octal(file.mode ?? 0o644, 7), 100);
  bytes.write(octal(0, 7), 108);
  bytes.write(octal(0, 7), 116);
  bytes.write(octal(contentOf(file).length, 11), 124);
  bytes.write(octal(0, 11), 136);
  if (Buffer.isBuffer(file.content)) {
    bytes.write('0', 156);
  } else {
    bytes.write('2', 156);
    bytes.write(file.content.link, 157, 100);
  }
  bytes.write('ustar\0' + '00', 257);
  // The checksum is taken with its own field full of blanks.
  bytes.fill(' ', 148, 156);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${octal(sum, 6)}\0 `, 148);
  return bytes;
}

function contentOf({ content }: ArchivedFile): Buffer {
  return Buffer.isBuffer(content) ? content : Buffer.alloc(0);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padding(length: number): number {
  return (block - (length % block)) % block;
}
