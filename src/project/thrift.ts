/** Thrift's compact protocol, as far as Parquet's headers need it. */
export interface ThriftWriter {
  readonly int: (field: number, value: number) => void;
  readonly long: (field: number, value: number) => void;
  readonly bool: (field: number, value: boolean) => void;
  readonly text: (field: number, value: string) => void;
  /** A struct as a field, or without a number as an element of a list. */
  readonly struct: (field: number | undefined, fill: () => void) => void;
  readonly structs: (field: number, fills: readonly (() => void)[]) => void;
  readonly ints: (field: number, values: readonly number[]) => void;
  readonly texts: (field: number, values: readonly string[]) => void;
  /** Ends the outermost struct. */
  readonly finish: () => Uint8Array;
}

const TYPES = { true: 1, false: 2, int: 5, long: 6, text: 8, list: 9, struct: 12 } as const;

export function createThriftWriter(): ThriftWriter {
  const bytes: number[] = [];
  let last = 0;
  const varint = (value: number): void => {
    let rest = value;
    while (rest > 127) {
      bytes.push((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  };
  const signed = (value: number): void => varint(value >= 0 ? value * 2 : -value * 2 - 1);
  const header = (field: number, type: number): void => {
    const delta = field - last;
    if (delta > 0 && delta < 16) bytes.push((delta << 4) | type);
    else {
      bytes.push(type);
      signed(field);
    }
    last = field;
  };
  const list = (field: number, shape: { readonly type: number; readonly length: number }): void => {
    header(field, TYPES.list);
    if (shape.length < 15) bytes.push((shape.length << 4) | shape.type);
    else {
      bytes.push(0xf0 | shape.type);
      varint(shape.length);
    }
  };
  const characters = (value: string): void => {
    const encoded = new TextEncoder().encode(value);
    varint(encoded.length);
    for (const byte of encoded) bytes.push(byte);
  };
  const struct = (field: number | undefined, fill: () => void): void => {
    if (field !== undefined) header(field, TYPES.struct);
    const outer = last;
    last = 0;
    fill();
    bytes.push(0);
    last = outer;
  };
  return {
    int: (field, value) => {
      header(field, TYPES.int);
      signed(value);
    },
    long: (field, value) => {
      header(field, TYPES.long);
      signed(value);
    },
    bool: (field, value) => header(field, value ? TYPES.true : TYPES.false),
    text: (field, value) => {
      header(field, TYPES.text);
      characters(value);
    },
    struct,
    structs: (field, fills) => {
      list(field, { type: TYPES.struct, length: fills.length });
      for (const fill of fills) struct(undefined, fill);
    },
    ints: (field, values) => {
      list(field, { type: TYPES.int, length: values.length });
      for (const value of values) signed(value);
    },
    texts: (field, values) => {
      list(field, { type: TYPES.text, length: values.length });
      for (const value of values) characters(value);
    },
    finish: () => {
      bytes.push(0);
      return Uint8Array.from(bytes);
    },
  };
}
