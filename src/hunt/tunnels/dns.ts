import { u16 } from '../../lib/endian.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { framesFilter, momentOf, MOST_MOMENTS, protocolOf, timeText, told, type Moment } from '../moment.ts';
import { defineWatcher } from '../watcher.ts';

const DNS_PORT = 53;
const HEADER = 12;
/** So many pairs of a client and a zone are remembered; the one that is known for longest makes room. */
const MOST = 8192;
/** A name says something when what stands before its zone is so long. */
const LONG = 24;
/** So many different names of that length, nearly each asked once, are no look-up of hosts. */
const LEAST_NAMES = 40;
const MOSTLY = 0.8;
/** Bits a letter: names of people's making repeat letters more than what is encoded. */
const LEAST_ENTROPY = 3.3;
const MOST_LABELS = 127;
const ARPA = 'arpa';

interface Asked {
  readonly moments: Moment[];
  readonly names: Set<number>;
  readonly letters: Uint32Array;
  queries: number;
  bytes: number;
  /** Questions for records that hold free text or bytes: TXT, NULL. */
  free: number;
  told: boolean;
}

interface Name {
  /** The last two labels, or three where the last ones are as short as in co.uk. */
  readonly zone: string;
  /** Where in the message what stands before them is, behind an address. */
  readonly from: number;
  readonly end: number;
  readonly type: number;
}

/** Many different long names under one zone that one client asks: data that leaves in questions and comes back in answers. */
export const dnsTunnels = defineWatcher({
  id: 'tunnels/dns',
  summary: 'Data carried in names that are asked.',
  protocols: ['udp'],
  tells: ['dns-tunnel'],
  create(scene) {
    const all = new Map<string, Asked>();
    let forgotten = 0;
    const tell = (sight: Sight, zone: string, asked: Asked, entropy: number) => {
      const [host, peer] = [scene.addresses.text(sight.source), scene.addresses.text(sight.destination)];
      scene.tell({
        name: 'dns-tunnel',
        text: `${host} asked for ${asked.names.size} different long names under ${zone}, ${Math.round(asked.bytes / asked.queries)} letters each`,
        host,
        peer,
        srcPort: sight.sourcePort,
        dstPort: sight.destinationPort,
        protocol: protocolOf(sight),
        path: scene.path(sight.level),
        first: timeText(asked.moments[0]!.micros),
        last: timeText(sight.micros),
        measures: {
          zone,
          count: asked.names.size,
          bytes: asked.bytes,
          entropy: Number(entropy.toFixed(2)),
          freeRecords: Number((asked.free / asked.queries).toFixed(2)),
        },
        frames: asked.moments.map((moment) => told(moment, `${host} asked ${peer} for a long name under ${zone}`)),
        filter: framesFilter(asked.moments.map(({ frame }) => frame)),
      });
    };
    return {
      packet(sight) {
        if (sight.destinationPort !== DNS_PORT || sight.end - sight.payload < HEADER + LONG) return;
        const name = longName(sight.bytes, sight.payload, sight.end);
        if (name === undefined) return;
        const key = `${sight.source} ${name.zone}`;
        let asked = all.get(key);
        if (asked === undefined) {
          if (all.size >= MOST) {
            all.delete(all.keys().next().value!);
            forgotten += 1;
          }
          asked = {
            moments: [],
            names: new Set(),
            letters: new Uint32Array(256),
            queries: 0,
            bytes: 0,
            free: 0,
            told: false,
          };
          all.set(key, asked);
        }
        if (asked.told) return;
        note(asked, sight, name);
        const { names, queries } = asked;
        if (names.size < LEAST_NAMES || names.size < MOSTLY * queries) return;
        const entropy = entropyOf(asked.letters);
        if (entropy < LEAST_ENTROPY) return;
        asked.told = true;
        tell(sight, name.zone, asked, entropy);
        names.clear();
      },
      get forgotten() {
        return forgotten;
      },
    };
  },
});

function note(asked: Asked, sight: Sight, { from, end, type }: Name): void {
  const { bytes } = sight;
  let hash = 0;
  for (let at = from; at < end; at++) {
    hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
    asked.letters[bytes[at]!]! += 1;
  }
  asked.names.add(hash);
  asked.queries += 1;
  asked.bytes += end - from;
  if (type === 16 || type === 10) asked.free += 1;
  if (asked.moments.length < MOST_MOMENTS) asked.moments.push(momentOf(sight));
}

/** The name of a message's question, if what stands before its zone is long, and the zone is not that of addresses. */
function longName(bytes: Uint8Array, from: number, limit: number): Name | undefined {
  if ((bytes[from + 2]! & 0xf8) !== 0 || u16(bytes, from + 4) !== 1) return undefined;
  const labels: number[] = [];
  let at = from + HEADER;
  while (at < limit && bytes[at] !== 0) {
    if (bytes[at]! > 63 || labels.length >= MOST_LABELS) return undefined;
    labels.push(at);
    at += 1 + bytes[at]!;
  }
  if (at + 5 > limit || labels.length < 3) return undefined;
  const [last, second] = [labels.at(-1)!, labels.at(-2)!];
  const zoneLabels = bytes[last]! <= 2 && bytes[second]! <= 3 && labels.length > 3 ? 3 : 2;
  const end = labels.at(-zoneLabels)!;
  const begin = labels[addressLabels(bytes, labels)]!;
  if (end - begin < LONG) return undefined;
  const zone = labels.slice(-zoneLabels).map((label) => textOf(bytes, label + 1, label + 1 + bytes[label]!));
  if (zone.at(-1) === ARPA) return undefined;
  return { zone: zone.join('.'), from: begin, end, type: u16(bytes, at + 1) };
}

/**
 * How many labels at the beginning are an address turned round, by which lists of senders of mail are asked: four numbers, or
 * 32 digits.
 */
function addressLabels(bytes: Uint8Array, labels: readonly number[]): number {
  const of = (count: number, most: number, digit: (letter: number) => boolean) =>
    labels.length > count + 2 &&
    labels
      .slice(0, count)
      .every(
        (at) => bytes[at]! <= most && bytes.subarray(at + 1, at + 1 + bytes[at]!).every((letter) => digit(letter)),
      );
  return of(32, 1, isHexDigit) ? 32 : of(4, 3, isDigit) ? 4 : 0;
}

function isDigit(letter: number): boolean {
  return letter >= 48 && letter <= 57;
}

function isHexDigit(letter: number): boolean {
  return isDigit(letter) || ((letter | 32) >= 97 && (letter | 32) <= 102);
}

/** Small letters; what is no name's is a dot. */
function textOf(bytes: Uint8Array, from: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(from, end))
    .toLowerCase()
    .replace(/[^-_a-z\d]/g, '.');
}

function entropyOf(counts: Uint32Array): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((bits, count) => (count === 0 ? bits : bits - (count / all) * Math.log2(count / all)), 0);
}
