import fc from 'fast-check';

/** Any bytes, short ones mostly. */
export function anyBytes(): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    fc.uint8Array(),
    fc.uint8Array({ size: 'large', maxLength: 4096 }),
    fc.string({ unit: 'binary' }).map(encode),
  );
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What hostile hands put into evidence, and what broken disks do to it. */
const INTRUDERS = [
  ...[
    '\0',
    '\n',
    '\r',
    '\n\n',
    '\x1b[2J',
    ' ',
    ':',
    '/',
    '(',
    ')',
    '\\',
    '\t',
    '-',
    '%',
    "'",
    '99999999999999999999',
    '-1',
    'NaN',
    '__proto__',
    '\u202e',
    ' (deleted)',
  ].map(encode),
  Uint8Array.of(0xff, 0xfe, 0x80),
  new Uint8Array(70_000).fill(0x41),
  new Uint8Array(3_000).fill(0x0a),
  new Uint8Array(3_000).fill(0x28),
];

interface Change {
  readonly how: 'flip' | 'cut' | 'behead' | 'remove' | 'double' | 'swap' | 'insert';
  readonly at: number;
  readonly to: number;
  readonly what: Uint8Array;
}

/** A good file with one to four things done to it. */
export function mutationsOf(good: Uint8Array): fc.Arbitrary<Uint8Array> {
  const change: fc.Arbitrary<Change> = fc.record({
    how: fc.constantFrom('flip', 'cut', 'behead', 'remove', 'double', 'swap', 'insert'),
    at: fc.nat(1 << 20),
    to: fc.nat(1 << 20),
    what: fc.constantFrom(...INTRUDERS),
  });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => changes.reduce(changed, good));
}

function changed(bytes: Uint8Array, { how, at, to, what }: Change): Uint8Array {
  const [start, end] = [at % (bytes.length + 1), to % (bytes.length + 1)].sort((a, b) => a - b) as [number, number];
  const [before, slice, after] = [bytes.subarray(0, start), bytes.subarray(start, end), bytes.subarray(end)];
  switch (how) {
    case 'flip':
      return bytes.map((byte, index) => (index === start ? byte ^ (1 << (to % 8)) : byte));
    case 'cut':
      return before;
    case 'behead':
      return after;
    case 'remove':
      return join(before, after);
    case 'double':
      return join(before, slice, slice, after);
    case 'swap':
      return join(slice, before, after);
    case 'insert':
      return join(before, what, slice, after);
  }
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
