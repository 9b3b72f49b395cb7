import type { Formula } from './formula.ts';
import type { Headers } from './headers.ts';
import type { PortProtocol } from './protocols.ts';
import { portProtocolOf, roleOf } from './role.ts';
import type { Bits } from './solve.ts';

/** A port that a packet must have. `protocol` is undefined where the program does not look at it first. */
export interface PortTest {
  readonly port: number;
  readonly protocol: PortProtocol | undefined;
  readonly direction: 'source' | 'destination';
}

/** Both ends belong to the range. */
export interface PortRangeTest {
  readonly from: number;
  readonly to: number;
  readonly protocol: PortProtocol | undefined;
  readonly direction: 'source' | 'destination';
}

/** A value that a packet must have at some place, big-endian; where there is a `mask`, only in the bits of it. */
export interface ValueTest {
  /** `udp`, `icmp`, `ip`, `link`, `socket`, …; undefined where the program does not look at it first. */
  readonly protocol: string | undefined;
  /**
   * Layer and offset in bytes. `payload` begins after the header of udp, sctp or tcp, `transport` and `network` with that
   * header, `icmp` and `icmp6` with theirs, `link` at the frame; `end-4` counts from the end of the packet, and a `variable`
   * offset depends on the packet in another way. Facts that the kernel keeps have their name instead: `ifindex`.
   */
  readonly at: string;
  readonly size: 1 | 2 | 4;
  readonly value: number;
  readonly mask?: number;
}

/** What some packets that are let through have in common. */
export interface Tests {
  readonly etherTypes: readonly number[];
  readonly ipProtocols: readonly number[];
  readonly ports: readonly PortTest[];
  readonly portRanges: readonly PortRangeTest[];
  /** Values in headers: addresses, flags, sequence numbers, lengths. */
  readonly fields: readonly ValueTest[];
  /** Values behind the headers. */
  readonly payload: readonly ValueTest[];
}

/** Collects tests, each once, in the order in which they are found. */
export interface TestCollector {
  /** A value must have these bits. `headers` are those known before the comparison, `after` those where it holds. */
  equal(bits: Bits, headers: Headers, after: Headers): void;
  /** A value must lie in a range, ends included. False when it is no port: there is no place for such a range here. */
  range(of: Formula, from: number, to: number, headers: Headers): boolean;
  done(): Tests;
}

/** A list is cut there: more tests say nothing more to anybody. */
export const MOST_TESTS = 1024;

export function collectTests(): TestCollector {
  const seen = new Set<string>();
  const tests = {
    etherTypes: [] as number[],
    ipProtocols: [] as number[],
    ports: [] as PortTest[],
    portRanges: [] as PortRangeTest[],
    fields: [] as ValueTest[],
    payload: [] as ValueTest[],
  };
  const add = <Name extends keyof Tests>(name: Name, test: Tests[Name][number]): void => {
    const list: Tests[Name][number][] = tests[name];
    const key = `${name} ${JSON.stringify(test)}`;
    if (seen.has(key) || list.length >= MOST_TESTS) return;
    seen.add(key);
    list.push(test);
  };
  const directionOf = (offset: number) => (offset === 0 ? 'source' : 'destination');

  return {
    equal({ of, value, mask }, headers, after) {
      const size = of.kind === 'load' ? of.size : 4;
      const { kind, protocol, at, offset = 0 } = roleOf(of, headers);
      const full = size === 4 ? 0xffffffff : 2 ** (8 * size) - 1;
      const bits = (part: number): ValueTest => ({
        protocol,
        at,
        size,
        value: (value & part) >>> 0,
        ...(part === full ? {} : { mask: part }),
      });
      if (kind === 'port') {
        const portProtocol = portProtocolOf(headers);
        const rest = size === 4 ? [mask >>> 16, mask & 0xffff] : [mask];
        if (rest.every((part) => part === 0 || part === 0xffff)) {
          if (size === 4 && mask >>> 16)
            add('ports', { port: value >>> 16, protocol: portProtocol, direction: 'source' });
          if (mask & 0xffff) {
            const direction = size === 4 ? 'destination' : directionOf(offset);
            add('ports', { port: value & 0xffff, protocol: portProtocol, direction });
          }
          return;
        }
      }
      if (kind === 'etherType' && mask === full) {
        add('etherTypes', after.type ?? value);
      } else if (kind === 'version' && (mask & 0xf0) === 0xf0) {
        const type = VERSIONS[value >> 4];
        if (type !== undefined) add('etherTypes', type);
        else add('fields', bits(0xf0));
        if (mask & 0x0f) add('fields', bits(mask & 0x0f));
      } else if (kind === 'ipProtocol' && mask === full) {
        add('ipProtocols', value);
      } else {
        add(kind === 'payload' ? 'payload' : 'fields', bits(mask));
      }
    },
    range(of, from, to, headers) {
      if (of.kind !== 'load') return false;
      const { kind, offset = 0 } = roleOf(of, headers);
      if (kind !== 'port' || of.size !== 2) return false;
      add('portRanges', { from, to, protocol: portProtocolOf(headers), direction: directionOf(offset) });
      return true;
    },
    done: () => tests,
  };
}

/** EtherTypes by IP version. */
const VERSIONS: Readonly<Record<number, number>> = { 4: 0x0800, 6: 0x86dd };
