import { concat, utf8 } from '../../lib/bytes.ts';
import { randomFrom, type Random } from '../random.ts';
import { be, ethernet, icmp, ip4, tcp, TCP, udp, type MadeFrame } from '../wire.ts';

/** A frame of a story; its mark says whether it is what the story is about. */
export interface Part extends MadeFrame {
  readonly at: number;
  readonly trigger?: boolean;
}

/** A side of a conversation; an address with colons is of IPv6. */
export type End = readonly [address: string, port: number];

/** Seconds after the one before, who says it, and what. */
export type Said = readonly [after: number, by: '>' | '<', bytes: string | Uint8Array];

type Wrap = (packet: Uint8Array, version: 4 | 6) => Uint8Array;

const etherType = (version: 4 | 6) => (version === 4 ? 0x0800 : 0x86dd);
const inside = (protocol: number, payload: Uint8Array) =>
  ethernet(0x0800, ip4({ src: '10.250.9.1', dst: '10.250.9.2', protocol }, payload));

/** How the packets of a story may lie on the wire. */
const WRAPS: Readonly<Record<string, Wrap>> = {
  ethernet: (packet, version) => ethernet(etherType(version), packet),
  vlan: (packet, version) => ethernet(0x8100, concat([be(16, 42, etherType(version)), packet])),
  qinq: (packet, version) => ethernet(0x88a8, concat([be(16, 7, 0x8100, 42, etherType(version)), packet])),
  gtp: (packet) =>
    inside(17, udp(2152, 2152, concat([be(8, 0x30, 255), be(16, packet.length), be(32, 0x1234), packet]))),
  gre: (packet, version) => inside(47, concat([be(16, 0, etherType(version)), packet])),
};

/** Who is there in a made capture, and how they speak. The same seed gives the same frames. */
export class World {
  readonly random: Random;
  readonly wrap: Wrap;
  readonly version: 4 | 6;
  #id: number;

  constructor(seed: number, { wrap = 'ethernet', version = 4 }: { wrap?: string; version?: 4 | 6 } = {}) {
    this.random = randomFrom(Math.imul(seed + 1, 0x9e3779b1));
    this.wrap = WRAPS[wrap]!;
    this.version = version;
    this.#id = this.random.below(200);
  }

  /** A number of a range, its ends included. */
  from(least: number, most: number): number {
    return least + this.random.below(most - least + 1);
  }

  seconds(least: number, most: number): number {
    return least + (this.random.word() / 2 ** 32) * (most - least);
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.random.below(256));
  }

  letters(length: number, alphabet = 'abcdefghijklmnopqrstuvwxyz234567'): string {
    return Array.from({ length }, () => alphabet[this.random.below(alphabet.length)]).join('');
  }

  port(): number {
    return this.from(20_000, 60_000);
  }

  /** An address inside. */
  host(): string {
    this.#id += 1;
    return this.version === 4 ? `10.77.8.${this.#id}` : `fd00:77:8:0:0:0:0:${this.#id.toString(16)}`;
  }

  /** An address outside. */
  stranger(): string {
    const part = () => this.from(1, 250);
    return this.version === 4
      ? `${this.random.pick([81, 146, 185, 193, 212])}.${part()}.${part()}.${part()}`
      : `2a01:${part().toString(16)}:${part().toString(16)}:0:0:0:0:${part().toString(16)}`;
  }

  frame(at: number, src: string, dst: string, protocol: number, payload: Uint8Array, trigger = false): Part {
    const v6 = src.includes(':');
    const packet = v6
      ? concat([
          be(32, 0x60000000),
          be(16, payload.length),
          be(8, protocol, 64),
          addressBytes(src),
          addressBytes(dst),
          payload,
        ])
      : ip4({ src, dst, protocol, id: this.random.below(65_536) }, payload);
    return { at, bytes: this.wrap(packet, v6 ? 6 : 4), trigger };
  }

  udp(at: number, from: End, to: End, said: string | Uint8Array, trigger = false): Part {
    return this.frame(at, from[0], to[0], 17, udp(from[1], to[1], bytesOf(said)), trigger);
  }

  echo(at: number, src: string, dst: string, said: Uint8Array, options: Echo = {}): Part {
    const { reply = false, id = 7, sequence = 1, trigger = false } = options;
    const v6 = src.includes(':');
    const type = v6 ? (reply ? 129 : 128) : reply ? 0 : 8;
    return this.frame(at, src, dst, v6 ? 58 : 1, icmp(type, 0, id, sequence, said), trigger);
  }

  /** A session of TCP with acknowledgements, from its SYN to its FIN. `trigger` is the place of what is the trigger. */
  tcp(at: number, client: End, server: End, said: readonly Said[], options: Session = {}): Part[] {
    const { trigger, all = false, again = false, close = true, middle = false } = options;
    const trip = this.seconds(0.004, 0.06);
    const parts: Part[] = [];
    let now = at;
    const next = { '>': this.random.word(), '<': this.random.word() };
    const send = (by: '>' | '<', flags: number, data = new Uint8Array(), marked = false) => {
      const [from, to] = by === '>' ? [client, server] : [server, client];
      const ack = (flags & TCP.ack) === 0 ? 0 : next[by === '>' ? '<' : '>'];
      const mss = (flags & TCP.syn) === 0 ? new Uint8Array() : be(8, 2, 4, 5, 0xb4);
      const segment = tcp(from[1], to[1], { flags, seq: next[by], ack, window: 64_240, options: mss }, data);
      parts.push(this.frame(now, from[0], to[0], 6, segment, marked || all));
      next[by] = (next[by] + data.length + ((flags & (TCP.syn | TCP.fin)) === 0 ? 0 : 1)) >>> 0;
    };
    if (!middle) {
      send('>', TCP.syn);
      now += trip;
      send('<', TCP.syn | TCP.ack);
      now += 0.0004;
      send('>', TCP.ack);
    }
    for (const [index, [after, by, bytes]] of said.entries()) {
      now += after;
      const data = bytesOf(bytes);
      for (let cut = 0; cut < data.length; cut += 1400) {
        send(by, TCP.ack | TCP.psh, data.slice(cut, cut + 1400), index === trigger);
        if (again && index === trigger) parts.push({ ...parts.at(-1)!, at: now + 0.2 });
        now += trip;
        send(by === '>' ? '<' : '>', TCP.ack);
      }
    }
    if (close) {
      now += 0.02;
      send('>', TCP.ack | TCP.fin);
      now += trip;
      send('<', TCP.ack | TCP.fin);
      send('>', TCP.ack);
    }
    return parts;
  }

  refused(at: number, client: End, server: End, trigger = false): Part[] {
    const syn = tcp(client[1], server[1], { flags: TCP.syn, seq: this.random.word(), window: 64_240 });
    const rst = tcp(server[1], client[1], { flags: TCP.rst | TCP.ack });
    return [
      this.frame(at, client[0], server[0], 6, syn, trigger),
      this.frame(at + 0.01, server[0], client[0], 6, rst, trigger),
    ];
  }

  /** A name is asked for and found. */
  asked(at: number, client: string, address: string, name = `${this.letters(6)}.example.org`): Part[] {
    const server = client.includes(':') ? 'fd00:77:8:0:0:0:0:fe' : '10.77.8.254';
    const data = addressBytes(address);
    const type = data.length === 4 ? 1 : 28;
    const id = this.random.below(65_536);
    const question = concat([dnsName(name), be(16, type, 1)]);
    const record = concat([be(16, 0xc00c, type, 1), be(32, 60), be(16, data.length), data]);
    const own: End = [client, this.port()];
    return [
      this.udp(at, own, [server, 53], concat([be(16, id, 0x0100, 1, 0, 0, 0), question])),
      this.udp(at + 0.01, [server, 53], own, concat([be(16, id, 0x8180, 1, 1, 0, 0), question, record])),
    ];
  }

  hello(name?: string): Uint8Array {
    const named =
      name === undefined
        ? []
        : [be(16, 0, name.length + 5, name.length + 3), be(8, 0), be(16, name.length), utf8(name)];
    const extensions = concat([be(16, 0x000a, 4, 2, 29), ...named]);
    const body = concat([
      be(16, 0x0303),
      this.bytes(32),
      be(8, 0),
      be(16, 4, 0x1301, 0xc02f),
      be(8, 1, 0),
      be(16, extensions.length),
      extensions,
    ]);
    const handshake = concat([be(8, 1, 0), be(16, body.length), body]);
    return concat([be(8, 0x16, 3, 1), be(16, handshake.length), handshake]);
  }

  record(length: number, type = 0x17): Uint8Array {
    return concat([be(8, type, 3, 3), be(16, length), this.bytes(length)]);
  }

  /** What is said over TLS. */
  tls(name?: string, turns = 3): Said[] {
    return [
      [0.001, '>', this.hello(name)],
      [0.01, '<', this.record(this.from(900, 3000), 0x16)],
      [0.01, '>', this.record(45, 0x16)],
      ...Array.from({ length: turns }, (): readonly Said[] => [
        [0.05, '>', this.record(this.from(60, 300))],
        [0.05, '<', this.record(this.from(60, 1200))],
      ]).flat(),
    ];
  }

  /** A person works at a shell whose bytes nobody can read: each line comes as one. */
  opaqueShell(turns: number, first: '>' | '<'): Said[] {
    const other = first === '>' ? '<' : '>';
    return Array.from({ length: turns }, (_, turn): readonly Said[] => [
      [turn === 0 ? 0.05 : this.seconds(0.3, 4), first, this.bytes(this.from(18, 60))],
      [this.seconds(0.01, 0.08), other, this.bytes(this.from(20, 500))],
    ]).flat();
  }
}

interface Echo {
  readonly reply?: boolean;
  readonly id?: number;
  readonly sequence?: number;
  readonly trigger?: boolean;
}

interface Session {
  readonly trigger?: number;
  /** Whether each of its packets is what the story is about. */
  readonly all?: boolean;
  /** Whether the trigger is sent twice. */
  readonly again?: boolean;
  readonly close?: boolean;
  /** Whether it began before the capture. */
  readonly middle?: boolean;
}

export function bytesOf(said: string | Uint8Array): Uint8Array {
  return typeof said === 'string' ? utf8(said) : said;
}

/** The 4 or 16 bytes of an address without `::`. */
export function addressBytes(text: string): Uint8Array {
  return text.includes(':')
    ? be(16, ...text.split(':').map((group) => Number.parseInt(group, 16)))
    : be(8, ...text.split('.').map(Number));
}

export function dnsName(name: string): Uint8Array {
  return concat([...name.split('.').flatMap((label) => [be(8, label.length), utf8(label)]), be(8, 0)]);
}
