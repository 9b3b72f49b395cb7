import { layersOf, type Buffer, type Layers } from '../bpf/hunting/layers.ts';

/**
 * Rules of Suricata as its user guide describes them, read strictly, for the keywords that we write: whatever else stands in a rule
 * is an error. The program itself is not at hand where tests run.
 *
 * @see doc/userguide/rules in the sources of Suricata: intro, payload keywords, header keywords
 */
export interface SuricataRule {
  readonly sid: number;
  readonly message: string;
  /** Whether it fires on an Ethernet frame. */
  readonly fires: (frame: Uint8Array) => boolean;
}

type Test = (layers: Layers, variables: Map<string, number>) => boolean;

const HEAD = /^alert (tcp-pkt|udp|icmp|sctp|ip) any (\S+) -> any (\S+) \((.*;)\)$/;
const BUFFERS: readonly string[] = ['ipv4.hdr', 'ipv6.hdr', 'tcp.hdr', 'udp.hdr', 'icmpv4.hdr', 'icmpv6.hdr'];
const PROTOCOLS: Readonly<Record<string, readonly number[]>> = {
  'tcp-pkt': [6],
  udp: [17],
  icmp: [1, 58],
  sctp: [132],
};
/** Parts that only packets of a protocol have: Suricata refuses them in rules for others. */
const OF_PROTOCOL: Readonly<Record<string, string>> = {
  'tcp.hdr': 'tcp-pkt',
  'udp.hdr': 'udp',
  'icmpv4.hdr': 'icmp',
  'icmpv6.hdr': 'icmp',
};

/** @throws {Error} where a rule is not written as it should be. */
export function readSuricata(text: string): SuricataRule {
  const [, protocol = '', from = '', to = '', body = ''] = HEAD.exec(text) ?? refuse('no head', text);
  const ports = [portsTest(from), portsTest(to)];
  if (!['tcp-pkt', 'udp', 'sctp'].includes(protocol) && (from !== 'any' || to !== 'any')) refuse('ports', text);
  const options = optionsIn(body);
  const tests: Test[] = [];
  let buffer: Buffer = 'payload';
  for (let at = 0; at < options.length; at++) {
    const [keyword, value = ''] = options[at] ?? [];
    const next = () => options[++at] ?? refuse('an end', text);
    switch (keyword) {
      case 'msg':
      case 'sid':
      case 'rev':
        break;
      case 'itype':
        if (protocol !== 'icmp') refuse('itype', text);
        tests.push(({ buffers }) => (buffers['icmpv4.hdr'] ?? buffers['icmpv6.hdr'])?.[0] === numberIn(value, 255));
        break;
      case 'ip_proto':
        if (protocol !== 'ip') refuse('ip_proto', text);
        tests.push((layers) => layers.protocol === numberIn(value, 255));
        break;
      case 'content': {
        const place = next();
        tests.push(contentTest(buffer, value, place, place[0] === 'offset' ? next() : undefined));
        break;
      }
      case 'byte_test':
        tests.push(byteTest(buffer, value));
        break;
      case 'byte_extract':
        tests.push(byteExtract(buffer, value));
        break;
      case 'byte_math':
        tests.push(byteMath(buffer, value));
        break;
      default:
        if (!BUFFERS.includes(keyword ?? '') || value !== '') refuse(`the keyword ${keyword}`, text);
        if ((OF_PROTOCOL[keyword ?? ''] ?? protocol) !== protocol) refuse(`${keyword} for ${protocol}`, text);
        buffer = keyword as Buffer;
    }
  }
  return {
    ...nameOf(options, text),
    fires: (frame) => {
      const layers = layersOf(frame);
      const variables = new Map<string, number>();
      const carried = PROTOCOLS[protocol];
      if (carried !== undefined && !carried.includes(layers.protocol ?? -1)) return false;
      return (
        ports.every((test, index) => test(layers.ports?.[index])) && tests.every((test) => test(layers, variables))
      );
    },
  };
}

function refuse(what: string, text: string): never {
  throw new Error(`not as Suricata has it: ${what} in ${text}`);
}

/** Keywords with their values; each ends with a semicolon, which quoted text has none of. */
function optionsIn(body: string): (readonly [keyword: string, value: string | undefined])[] {
  return body
    .slice(0, -1)
    .split('; ')
    .map((option) => {
      const [, keyword, value] = /^([a-z_0-9.]+)(?::(.+))?$/.exec(option) ?? refuse('an option', option);
      return [keyword!, value] as const;
    });
}

function nameOf(
  options: ReturnType<typeof optionsIn>,
  text: string,
): { readonly sid: number; readonly message: string } {
  const values = (keyword: string) => options.flatMap(([name, value]) => (name === keyword ? [value ?? ''] : []));
  const [message = '', ...moreMessages] = values('msg');
  const [sid = '', ...moreSids] = values('sid');
  if (moreMessages.length + moreSids.length > 0 || values('rev').join() !== '1') refuse('msg, sid and rev', text);
  if (options[0]?.[0] !== 'msg' || options.at(-2)?.[0] !== 'sid' || options.at(-1)?.[0] !== 'rev')
    refuse('the order', text);
  if (!/^"[^";\\:|]*[^";\\]*"$/.test(message)) refuse('the message', text);
  const number = numberIn(sid, 1_999_999);
  if (number < 1_000_000) refuse('the sid', text);
  return { sid: number, message: message.slice(1, -1) };
}

function numberIn(text: string, most: number): number {
  const value = /^(?:0x[0-9a-f]+|\d+)$/.test(text) ? Number(text) : NaN;
  return value <= most ? value : refuse('a number', text);
}

function portsTest(text: string): (port: number | undefined) => boolean {
  if (text === 'any') return () => true;
  const parts = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1).split(',') : [text];
  const ranges = parts.map((part) => {
    const ends = part.split(':').map((end) => numberIn(end, 65535));
    return ends.length <= 2 && ends[0]! <= (ends[1] ?? ends[0]!) ? ends : refuse('a port', text);
  });
  return (port) => port !== undefined && ranges.some(([from, to]) => port >= from! && port <= (to ?? from!));
}

type Option = readonly [keyword: string, value: string | undefined];

/** `offset` is where the search begins, `depth` how far it goes from there; `endswith` is the end of the part. */
function contentTest(buffer: Buffer, value: string, place: Option, more: Option | undefined): Test {
  const [, digits] = /^"\|((?:[0-9A-F]{2} )*[0-9A-F]{2})\|"$/.exec(value) ?? refuse('content', value);
  const wanted = digits!.split(' ').map((byte) => Number.parseInt(byte, 16));
  const has = (bytes: Uint8Array, start: number) => wanted.every((byte, index) => bytes[start + index] === byte);
  if (place[0] === 'endswith' && more === undefined) {
    return ({ buffers: { [buffer]: bytes } }) =>
      bytes !== undefined && bytes.length >= wanted.length && has(bytes, bytes.length - wanted.length);
  }
  if (place[0] !== 'offset' || more?.[0] !== 'depth') refuse('offset and depth', value);
  const offset = numberIn(place[1] ?? '', 65535);
  const depth = numberIn(more?.[1] ?? '', 65535);
  if (depth < wanted.length) refuse('depth', value);
  return ({ buffers: { [buffer]: bytes } }) => {
    if (bytes === undefined) return false;
    for (let start = offset; start + wanted.length <= offset + depth; start++) if (has(bytes, start)) return true;
    return false;
  };
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
};

function numberAt(bytes: Uint8Array | undefined, offset: number, size: number): number | undefined {
  if (bytes === undefined || offset + size > bytes.length) return undefined;
  return bytes.subarray(offset, offset + size).reduce((sum, byte) => sum * 256 + byte, 0);
}

/** `byte_test:<bytes>,<operator>,<value>,<offset>[,bitmask <mask>]`: what the mask leaves is moved down to its lowest bit. */
function byteTest(buffer: Buffer, value: string): Test {
  const [, bytes, operator, against, at, mask] =
    /^([1-4]),(=|!=|<=|>=),(\w+),(\d+)(?:,bitmask (0x[0-9a-f]+))?$/.exec(value) ?? refuse('byte_test', value);
  const size = Number(bytes);
  const bits = mask === undefined ? 2 ** (8 * size) - 1 : numberIn(mask, 2 ** (8 * size) - 1);
  if (bits === 0) refuse('an empty bitmask', value);
  let step = 1;
  while (Math.floor(bits / step) % 2 === 0) step *= 2;
  const variable = /^[a-z]/.test(against!);
  const constant = variable ? 0 : numberIn(against!, bits / step);
  return ({ buffers }, variables) => {
    const number = numberAt(buffers[buffer], Number(at), size);
    const right = variable ? variables.get(against!) : constant;
    if (number === undefined || right === undefined) return false;
    const masked = Number(BigInt(number) & BigInt(bits)) / step;
    return COMPARE[operator!]!(Math.floor(masked), right);
  };
}

/** `byte_extract:<bytes>,<offset>,<name>` */
function byteExtract(buffer: Buffer, value: string): Test {
  const [, bytes, at, name] = /^([1-4]),(\d+),([a-z]\w*)$/.exec(value) ?? refuse('byte_extract', value);
  return ({ buffers }, variables) => {
    const number = numberAt(buffers[buffer], Number(at), Number(bytes));
    if (number !== undefined) variables.set(name!, number);
    return number !== undefined;
  };
}

/** `byte_math:bytes <bytes>, offset <offset>, oper <+ or ->, rvalue <number>, result <name>`, in 64 bits */
function byteMath(buffer: Buffer, value: string): Test {
  const [, bytes, at, sign, right, name] =
    /^bytes ([1-4]), offset (\d+), oper ([+-]), rvalue (\d+), result ([a-z]\w*)$/.exec(value) ??
    refuse('byte_math', value);
  const by = numberIn(right!, 0xffffffff) * (sign === '-' ? -1 : 1);
  return ({ buffers }, variables) => {
    const number = numberAt(buffers[buffer], Number(at), Number(bytes));
    if (number !== undefined) variables.set(name!, Number(BigInt.asUintN(64, BigInt(number + by))));
    return number !== undefined;
  };
}
