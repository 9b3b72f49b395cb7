import { be, bytesOf, chunk, dataChunk } from './signalling.ts';
import { address, ethernet, ip4, udpFrame, type MadeFrame } from './wire.ts';

/** Nodes of a made-up network, and one that is of none. */
export const NODE = '192.0.2.1';
export const PEER = '192.0.2.2';
export const THIRD = '192.0.2.3';
export const STRANGER = '198.51.100.9';

type Part = string | Uint8Array;

/** The same thing again and again: `count` frames, `every` seconds apart. */
export function again(count: number, every: number, made: (index: number) => Uint8Array, from = 0): MadeFrame[] {
  return Array.from({ length: count }, (_, index) => ({ at: from + index * every, bytes: made(index) }));
}

/** A message of GTP version 1 with a sequence number. */
export function gtp1(type: number, content: Part, { teid = 0, sequence = 1, flags = 0x32 } = {}): Uint8Array {
  const bytes = bytesOf(content);
  return bytesOf(be(flags, 1), be(type, 1), be(4 + bytes.length, 2), be(teid, 4), be(sequence, 2), '0000', bytes);
}

export const controlFrame = (from: string, to: string, message: Uint8Array): Uint8Array =>
  udpFrame([from, 2123], [to, 2123], message);

/** Who asks for a context, with the tunnels that he will listen on. */
export interface Context {
  readonly data: number;
  readonly control: number;
  readonly sequence?: number;
  readonly subscriber?: number;
}

const imsi = (subscriber: number): Uint8Array =>
  bytesOf('62021121', be(subscriber % 100, 1), be(0x11, 1), be(Math.floor(subscriber / 100), 1), 'f1');

export function createRequest(
  from: string,
  to: string,
  { data, control, sequence = 1, subscriber = 1 }: Context,
): Uint8Array {
  const content = bytesOf(
    '02',
    imsi(subscriber),
    '0f01 10',
    be(data, 4),
    '11',
    be(control, 4),
    '850004',
    address(from),
    '850004',
    address(from),
  );
  return controlFrame(from, to, gtp1(16, content, { sequence }));
}

export function createResponse(
  from: string,
  to: string,
  {
    data,
    control,
    sequence = 1,
    teid,
    user = '100.64.0.1',
    cause = 128,
  }: Context & { teid: number; user?: string; cause?: number },
): Uint8Array {
  const content =
    cause === 128
      ? bytesOf(
          '0180 10',
          be(data, 4),
          '11',
          be(control, 4),
          '800006 f121',
          address(user),
          '850004',
          address(from),
          '850004',
          address(from),
        )
      : bytesOf('01', be(cause, 1));
  return controlFrame(from, to, gtp1(17, content, { teid, sequence }));
}

/** A context of a user: request and answer; the node listens on `10000 + number`, the peer on `20000 + number`. */
export function context(number: number, at: number, user?: string): MadeFrame[] {
  const [own, other] = [10_000 + number, 20_000 + number];
  return [
    { at, bytes: createRequest(PEER, NODE, { data: other, control: other, sequence: number }) },
    {
      at: at + 0.1,
      bytes: createResponse(NODE, PEER, {
        data: own,
        control: own,
        sequence: number,
        teid: other,
        ...(user !== undefined && { user }),
      }),
    },
  ];
}

/** A packet of a user in a tunnel; without `inner` a datagram from his address to the Internet. */
export function userFrame(from: string, to: string, teid: number, inner: Uint8Array = innerPacket({})): Uint8Array {
  return udpFrame([from, 2152], [to, 2152], bytesOf('30ff', be(inner.length, 2), be(teid, 4), inner));
}

export function innerPacket({
  src = '100.64.0.1',
  dst = '203.0.113.5',
  port = 443,
  payload = new Uint8Array(16),
}): Uint8Array {
  return ip4({ src, dst, protocol: 17 }, bytesOf('c350', be(port, 2), be(8 + payload.length, 2), '0000', payload));
}

/** A message of GTP version 2. */
export function gtp2(
  type: number,
  elements: Part,
  { teid, sequence = 1 }: { teid?: number; sequence?: number } = {},
): Uint8Array {
  const bytes = bytesOf(elements);
  const header = bytesOf(...(teid === undefined ? [] : [be(teid, 4)]), be(sequence, 3), '00');
  return bytesOf(teid === undefined ? '40' : '48', be(type, 1), be(header.length + bytes.length, 2), header, bytes);
}

export const element2 = (type: number, value: Part): Uint8Array => {
  const bytes = bytesOf(value);
  return bytesOf(be(type, 1), be(bytes.length, 2), '00', bytes);
};

/** A message of PFCP, of a session where it has a number. */
export function pfcpFrame(
  from: string,
  to: string,
  type: number,
  elements: Part,
  { seid, sequence = 1 }: { seid?: number; sequence?: number } = {},
): Uint8Array {
  const bytes = bytesOf(elements);
  const rest = bytesOf(...(seid === undefined ? [] : [be(seid, 8)]), be(sequence, 3), '00', bytes);
  return udpFrame(
    [from, 8805],
    [to, 8805],
    bytesOf(seid === undefined ? '20' : '21', be(type, 1), be(rest.length, 2), rest),
  );
}

export const pfcpElement = (type: number, value: Part): Uint8Array => {
  const bytes = bytesOf(value);
  return bytesOf(be(type, 2), be(bytes.length, 2), bytes);
};

/** A frame with chunks of SCTP. */
export function sctpFrame(
  [src, source]: readonly [string, number],
  [dst, destination]: readonly [string, number],
  chunks: readonly Uint8Array[],
  tag = 7,
): Uint8Array {
  const packet = bytesOf(be(source, 2), be(destination, 2), be(tag, 4), '00000000', ...chunks);
  return ethernet(0x0800, ip4({ src, dst, protocol: 132 }, packet));
}

/** A frame with one message over SCTP, between the ports of its protocol. */
export function carriedFrame(from: string, to: string, protocol: number, message: Uint8Array, port = 2905): Uint8Array {
  return sctpFrame([from, port], [to, port], [dataChunk({ protocol }, message)]);
}

export function initChunk({ tag = 5, window = 65_536, streams = 10 } = {}): Uint8Array {
  return chunk(1, 0, bytesOf(be(tag, 4), be(window, 4), be(streams, 2), be(streams, 2), '00000001'));
}

/** A message of M3UA. */
export function m3uaOf(family: number, type: number, parameters: Part = ''): Uint8Array {
  const bytes = bytesOf(parameters);
  return bytesOf('0100', be(family, 1), be(type, 1), be(8 + bytes.length, 4), bytes);
}

/** Data of M3UA for SCCP. */
export function m3uaData(
  payload: Uint8Array,
  { origin = 0x101, routingContext = undefined as number | undefined } = {},
): Uint8Array {
  const padding = new Uint8Array(-payload.length & 3);
  const context = routingContext === undefined ? '' : bytesOf('00060008', be(routingContext, 4));
  return m3uaOf(
    1,
    1,
    bytesOf(context, '0210', be(16 + payload.length, 2), be(origin, 4), '00000202 03020003', payload, padding),
  );
}

/** A subsystem under a number of telephony. */
export interface Party {
  readonly subsystem: number;
  readonly digits: string;
}

const partyOf = ({ subsystem, digits }: Party): Uint8Array =>
  bytesOf('12', be(subsystem, 1), '001204', digits.replaceAll(/(.)(.)/g, '$2$1'));

/** A message of SCCP, `9` of unit data or `10` of unit data that came back with its reason. */
export function unitOf(called: Party, calling: Party, data: Uint8Array, type = 9): Uint8Array {
  const [to, from] = [partyOf(called), partyOf(calling)];
  const pointers = be(3, 1);
  return bytesOf(
    be(type, 1),
    '00',
    pointers,
    be(3 + to.length, 1),
    be(3 + to.length + from.length, 1),
    be(to.length, 1),
    to,
    be(from.length, 1),
    from,
    be(data.length, 1),
    data,
  );
}

const wrapped = (tag: string, content: Uint8Array): Uint8Array => bytesOf(tag, be(content.length, 1), content);

/** A dialogue that begins with an operation; `context` is an object identifier, encoded. */
export function begins(transaction: number, operation: number, context?: string): Uint8Array {
  const name = context === undefined ? '' : wrapped('a1', wrapped('06', bytesOf(context)));
  const dialogue =
    name === ''
      ? ''
      : wrapped(
          '6b',
          wrapped('28', bytesOf('060700118605010101', wrapped('a0', wrapped('60', bytesOf('80020780', name))))),
        );
  const invoke = wrapped('6c', wrapped('a1', bytesOf('020101 0201', be(operation, 1))));
  return wrapped('62', bytesOf('4804', be(transaction, 4), dialogue, invoke));
}

/** A dialogue that ends with an error. */
export const refuses = (transaction: number): Uint8Array =>
  wrapped('64', bytesOf('4904', be(transaction, 4), wrapped('6c', wrapped('a3', bytesOf('020101 020101')))));

/** A dialogue that ends with a result. */
export const takes = (transaction: number): Uint8Array =>
  wrapped('64', bytesOf('4904', be(transaction, 4), wrapped('6c', wrapped('a2', bytesOf('020101')))));

export const aborts = (transaction: number): Uint8Array => wrapped('67', bytesOf('4904', be(transaction, 4)));

/** An attribute of Diameter: a text, or bytes. */
export function avp(code: number, value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return bytesOf(be(code, 4), '40', be(8 + bytes.length, 3), bytes, new Uint8Array(-bytes.length & 3));
}

/** A message of Diameter of the base, or of an application. */
export function diameterMessage(
  command: number,
  avps: readonly Uint8Array[],
  { request = true, application = 0, hopByHop = 1, endToEnd = 1 } = {},
): Uint8Array {
  const body = bytesOf(...avps);
  const flags = request ? 0xc0 : 0x40;
  return bytesOf(
    '01',
    be(20 + body.length, 3),
    be(flags, 1),
    be(command, 3),
    be(application, 4),
    be(hopByHop, 4),
    be(endToEnd, 4),
    body,
  );
}
