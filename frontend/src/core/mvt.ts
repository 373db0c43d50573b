/** Points out of a Mapbox Vector Tile 2.1: attributes and the first vertex of each feature. */

export type Attribute = string | number | boolean;

export interface TileFeature {
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** From the tile's western and northern edge, its side being 1. */
  readonly x: number;
  readonly y: number;
}

/** Features by the name of their layer. Throws RangeError where it is no tile. */
export function decodeTile(bytes: Uint8Array): Map<string, TileFeature[]> {
  const found = new Map<string, TileFeature[]>();
  const tile = new Bytes(bytes);
  tile.fields((field) => {
    if (field !== 3) return tile.skip();
    const { name, features } = layer(tile.part());
    found.set(name, features);
  });
  return found;
}

function layer(bytes: Bytes): { name: string; features: TileFeature[] } {
  let [name, extent] = ["", 4096];
  const [raw, keys, values]: [Bytes[], string[], Attribute[]] = [[], [], []];
  bytes.fields((field) => {
    if (field === 1) name = bytes.text();
    else if (field === 2) raw.push(bytes.part());
    else if (field === 3) keys.push(bytes.text());
    else if (field === 4) values.push(value(bytes.part()));
    else if (field === 5) extent = bytes.varint();
    else bytes.skip();
  });
  return { name, features: raw.map((part) => feature(part, keys, values, extent)) };
}

function value(bytes: Bytes): Attribute {
  let found: Attribute = "";
  bytes.fields((field) => {
    if (field === 1) found = bytes.text();
    else if (field === 2) found = bytes.float();
    else if (field === 3) found = bytes.double();
    else if (field === 6) found = zigzag(bytes.varint());
    else if (field === 7) found = bytes.varint() !== 0;
    else found = bytes.varint();
  });
  return found;
}

function feature(bytes: Bytes, keys: string[], values: Attribute[], extent: number): TileFeature {
  const attributes: Record<string, Attribute> = {};
  let at: readonly [number, number] = [0, 0];
  bytes.fields((field) => {
    if (field === 2) tags(bytes.part(), keys, values, attributes);
    else if (field === 4) at = firstVertex(bytes.part());
    else bytes.skip();
  });
  return { attributes, x: at[0] / extent, y: at[1] / extent };
}

function tags(
  bytes: Bytes,
  keys: readonly string[],
  values: readonly Attribute[],
  into: Record<string, Attribute>,
): void {
  while (!bytes.isAtEnd) {
    const [key, found] = [keys[bytes.varint()], values[bytes.varint()]];
    if (key !== undefined && found !== undefined) into[key] = found;
  }
}

/** A geometry begins with "move to" and where. */
function firstVertex(bytes: Bytes): readonly [number, number] {
  bytes.varint();
  return [zigzag(bytes.varint()), zigzag(bytes.varint())];
}

function zigzag(n: number): number {
  return n % 2 === 0 ? n / 2 : -(n + 1) / 2;
}

const [VARINT, DOUBLE, PART, FLOAT] = [0, 1, 2, 5];

/** Protocol buffers, as far as a tile has them. */
class Bytes {
  private at = 0;
  private wire = VARINT;
  private readonly view: DataView;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  /** `each` must read or skip what follows the field's number. */
  fields(each: (field: number) => void): void {
    while (!this.isAtEnd) {
      const head = this.varint();
      this.wire = head % 8;
      each(Math.floor(head / 8));
    }
  }

  varint(): number {
    let [found, place] = [0, 1];
    for (;;) {
      const byte = this.view.getUint8(this.at);
      this.at += 1;
      found += (byte & 0x7f) * place;
      if (byte < 0x80) return found;
      place *= 0x80;
    }
  }

  part(): Bytes {
    const length = this.varint();
    const end = this.at + length;
    if (end > this.bytes.length) throw new RangeError("cut short");
    const found = new Bytes(this.bytes.subarray(this.at, end));
    this.at = end;
    return found;
  }

  text(): string {
    return new TextDecoder().decode(this.part().bytes);
  }

  double(): number {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }

  float(): number {
    this.at += 4;
    return this.view.getFloat32(this.at - 4, true);
  }

  skip(): void {
    if (this.wire === VARINT) this.varint();
    else if (this.wire === DOUBLE) this.at += 8;
    else if (this.wire === PART) this.part();
    else if (this.wire === FLOAT) this.at += 4;
    else throw new RangeError(`wire type ${this.wire}`);
  }
}
