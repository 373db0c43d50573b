/**
 * A ZIP file (PKWARE APPNOTE 6.3.10) whose entries are stored as they are: pictures do not get any
 * smaller. Up to 4 GiB and 65,535 entries; names in UTF-8, times as the device's clock shows them.
 */

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly at: Date;
}

const LIMIT = 0xffffffff;
const LIMIT_ENTRIES = 0xffff;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const UTF8_NAMES = 0x0800;

export class ZipWriter {
  // each part a Blob of its own, so that the browser may move it out of memory
  private readonly parts: Blob[] = [];
  private readonly directory: Uint8Array<ArrayBuffer>[] = [];
  private offset = 0;

  /** RangeError when the file would grow past what its format can hold. */
  add({ name, bytes, at }: ZipEntry): void {
    const called = new TextEncoder().encode(name);
    const described = describe(called, bytes, at);
    const local = record([[LOCAL, 4], [VERSION, 2], ...described, [called.length, 2], [0, 2]]);
    const end = this.offset + local.length + called.length + bytes.length;
    if (end > LIMIT || this.directory.length / 2 >= LIMIT_ENTRIES)
      throw new RangeError("ZIP is full");
    this.parts.push(new Blob([local, called, bytes]));
    this.directory.push(central(called, described, this.offset), called);
    this.offset = end;
  }

  finish(): Blob {
    const size = this.directory.reduce((sum, part) => sum + part.length, 0);
    const entries = this.directory.length / 2;
    const end = record([
      [END, 4],
      [0, 4],
      [entries, 2],
      [entries, 2],
      [size, 4],
      [this.offset, 4],
      [0, 2],
    ]);
    return new Blob([...this.parts, ...this.directory, end], { type: "application/zip" });
  }
}

/** [value, width in bytes] */
type Fields = readonly (readonly [number, number])[];

/** Flags, method (0 = stored), time, date, CRC, size twice: the same in both headers. */
function describe(called: Uint8Array, bytes: Uint8Array, at: Date): Fields {
  if (called.length > 0xffff) throw new RangeError("name is too long");
  return [
    [UTF8_NAMES, 2],
    [0, 2],
    [(at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1), 2],
    [(yearsSince1980(at) << 9) | ((at.getMonth() + 1) << 5) | at.getDate(), 2],
    [crc32(bytes), 4],
    [bytes.length, 4],
    [bytes.length, 4],
  ];
}

function yearsSince1980(at: Date): number {
  return Math.min(127, Math.max(0, at.getFullYear() - 1980));
}

function central(called: Uint8Array, described: Fields, offset: number): Uint8Array<ArrayBuffer> {
  // extra field, comment, disk, internal and external attributes: none
  const none: Fields = [
    [0, 2],
    [0, 2],
    [0, 2],
    [0, 2],
    [0, 4],
  ];
  const head: Fields = [
    [CENTRAL, 4],
    [VERSION, 2],
    [VERSION, 2],
  ];
  return record([...head, ...described, [called.length, 2], ...none, [offset, 4]]);
}

function record(fields: Fields): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(fields.reduce((sum, [, width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, width] of fields) {
    if (width === 4) view.setUint32(at, value, true);
    else view.setUint16(at, value, true);
    at += width;
  }
  return bytes;
}

let table: Uint32Array | null = null;

/** ISO 3309, as ZIP and PNG use it. */
export function crc32(bytes: Uint8Array): number {
  table ??= crcTable();
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] as number);
  return (crc ^ 0xffffffff) >>> 0;
}

function crcTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c;
  });
}
