import { u16, u32 } from '../../lib/endian.ts';
import { ipText } from '../../lib/ip-address.ts';
import { dnsName, dnsQuestion, looksLikeDns, type DnsQuestion } from '../../packets/dissect/applications/dns.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { momentOf, type Moment } from '../moment.ts';
import { defineWatcher, type Scene, type WatcherKind } from '../watcher.ts';
import { endsOf, tellRecord, type Ends, type Recorder } from './record.ts';

/** So many queries wait for their answers; the oldest is told without. So long does one wait. */
const MOST_OPEN = 20_000;
const PATIENCE_MICROS = 10e6;
const MOST_ANSWERS = 32;

const PORTS: ReadonlySet<number> = new Set([53, 5353, 5355]);

const TYPES: Readonly<Record<number, string>> = {
  ...{ 1: 'A', 2: 'NS', 5: 'CNAME', 6: 'SOA', 10: 'NULL', 12: 'PTR', 13: 'HINFO', 15: 'MX', 16: 'TXT', 28: 'AAAA' },
  ...{ 33: 'SRV', 35: 'NAPTR', 41: 'OPT', 43: 'DS', 46: 'RRSIG', 48: 'DNSKEY', 52: 'TLSA', 64: 'SVCB', 65: 'HTTPS' },
  ...{ 251: 'IXFR', 252: 'AXFR', 255: '*' },
};
const CODES = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSET',
  'NOTAUTH',
];

interface Query {
  readonly question: DnsQuestion;
  readonly flags: number;
  readonly ends: Ends;
  readonly moment: Moment;
}

/** Pairs queries with their answers: one record for each pair, for a query without an answer, and for an answer that nobody asked for. */
export class DnsRecords {
  readonly #recorder: Recorder;
  readonly #scene: Scene;
  readonly #open = new Map<string, Query>();

  constructor(recorder: Recorder, scene: Scene) {
    this.#recorder = recorder;
    this.#scene = scene;
  }

  /** @param ends Of the one who asks. */
  message(ends: Ends, moment: Moment, bytes: Uint8Array, at: number, end: number): void {
    const question = dnsQuestion(bytes, at, end);
    if (question === undefined) return;
    const flags = u16(bytes, at + 2);
    const { host, peer, srcPort, dstPort } = ends;
    const key = `${host} ${srcPort} ${peer} ${dstPort} ${question.id} ${question.name.toLowerCase()}`;
    const asked = this.#open.get(key);
    if (question.response) {
      this.#open.delete(key);
      const answers = () => (question.code === 0 ? answersOf(bytes, at, end) : { texts: [], lifetimes: [] });
      this.#tell(asked ?? { question, flags, ends, moment }, { question, flags, moment, answers }, asked !== undefined);
      return;
    }
    if (asked !== undefined) return; // the same once more
    if (this.#open.size >= MOST_OPEN) this.#tellOldest();
    this.#open.set(key, { question, flags, ends, moment });
  }

  /** Queries that waited for too long have no answer. */
  tick(micros: number): void {
    for (const { moment } of this.#open.values()) {
      if (moment.micros + PATIENCE_MICROS > micros) break;
      this.#tellOldest();
    }
  }

  end(): void {
    while (this.#open.size > 0) this.#tellOldest();
  }

  #tellOldest(): void {
    const [oldest] = this.#open;
    if (oldest === undefined) return;
    this.#open.delete(oldest[0]);
    this.#tell(oldest[1], undefined, true);
  }

  #tell({ question, flags, ends, moment }: Query, answer: Answer | undefined, asked: boolean): void {
    const moments = answer === undefined || !asked ? [moment] : [moment, answer.moment];
    const type = TYPES[question.type] ?? `query-${question.type}`;
    const code = answer?.question.code;
    const said = answer?.flags ?? 0;
    const brought = answer?.answers;
    tellRecord(this.#recorder, this.#scene, 'dns', ends, {
      text: () =>
        `${type} ${question.name}${answer === undefined ? ', no answer' : `: ${brought?.().texts.slice(0, 4).join(', ') || CODES[code ?? 0]}`}`,
      moments,
      fields: {
        trans_id: question.id,
        query: question.name,
        query_length: question.name.length,
        qtype: question.type,
        qtype_name: type,
        rcode: code,
        rcode_name: code === undefined ? undefined : (CODES[code] ?? `unknown-${code}`),
        AA: (said & 0x0400) !== 0,
        TC: ((said | flags) & 0x0200) !== 0,
        RD: (flags & 0x0100) !== 0,
        RA: (said & 0x0080) !== 0,
        Z: ((answer?.flags ?? flags) >> 4) & 7,
        answers: brought && (() => someOf(brought().texts)),
        TTLs: brought && (() => someOf(brought().lifetimes)),
        // As Zeek has it: the server answered that it will not.
        rejected: code === 5,
        unasked: !asked,
      },
    });
  }
}

interface Answer {
  readonly question: DnsQuestion;
  readonly flags: number;
  readonly moment: Moment;
  /** Reads what it brought. */
  readonly answers: () => Answers;
}

function someOf<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}

interface Answers {
  readonly texts: string[];
  readonly lifetimes: number[];
}

/** What an answer says, in the words of Zeek: addresses, names, texts. */
export function answersOf(bytes: Uint8Array, message: number, end: number): Answers {
  const found: Answers = { texts: [], lifetimes: [] };
  const asked = dnsName(bytes, message + 12, end, message);
  if (asked === undefined) return found;
  let at = asked.end + 4;
  for (let left = Math.min(u16(bytes, message + 6), MOST_ANSWERS); left > 0; left--) {
    const name = dnsName(bytes, at, end, message);
    if (name === undefined || name.end + 10 > end) break;
    const [type, size] = [u16(bytes, name.end), u16(bytes, name.end + 8)];
    const data = name.end + 10;
    if (data + size > end) break;
    found.texts.push(dataText(bytes, data, data + size, type, message));
    found.lifetimes.push(u32(bytes, name.end + 4));
    at = data + size;
  }
  return found;
}

/** Where in the data of a type a name stands. */
const NAMES_AT: Readonly<Record<number, number>> = { 2: 0, 5: 0, 12: 0, 15: 2, 33: 6 };

function dataText(bytes: Uint8Array, at: number, end: number, type: number, message: number): string {
  if ((type === 1 && end - at === 4) || (type === 28 && end - at === 16)) return ipText(bytes.subarray(at, end));
  const name = NAMES_AT[type];
  if (name !== undefined) return dnsName(bytes, at + name, end, message)?.name ?? '';
  if (type !== 16) return `<${TYPES[type] ?? `type-${type}`}>`;
  const texts: string[] = [];
  for (let place = at; place < end; place += 1 + bytes[place]!) {
    const text = latin1.decode(bytes.subarray(place + 1, Math.min(end, place + 1 + bytes[place]!)));
    texts.push(`TXT ${text.length} ${text}`);
  }
  return texts.join(' ');
}

const latin1 = new TextDecoder('latin1');

/** DNS in datagrams, on its ports and wherever a flow begins with it. */
export function dnsWatcher(recordsOf: (scene: Scene) => DnsRecords): WatcherKind {
  return defineWatcher({
    id: 'records/dns',
    summary: 'Records of names that were asked for.',
    protocols: ['udp'],
    tells: [],
    create(scene) {
      const records = recordsOf(scene);
      const elsewhere = new Set<number>();
      return {
        packet(sight) {
          if (!isDns(sight, elsewhere)) return;
          const { bytes, payload, end } = sight;
          const response = end - payload > 3 && (bytes[payload + 2]! & 0x80) !== 0;
          // Who asks is told by the message: of a flow seen from the middle on, the answer may come first.
          records.message(endsOf(sight, response), momentOf(sight), bytes, payload, end);
        },
        tick: (micros) => records.tick(micros),
        flowEnded: (flow) => void elsewhere.delete(flow),
        end: () => records.end(),
      };
    },
  });
}

function isDns(sight: Sight, elsewhere: Set<number>): boolean {
  const { sourcePort, destinationPort, flow, bytes, payload, end } = sight;
  if (PORTS.has(destinationPort) || PORTS.has(sourcePort)) return true;
  if (!sight.fresh) return elsewhere.size > 0 && elsewhere.has(flow);
  // Names of NetBIOS look like it.
  if (destinationPort === 137 || sourcePort === 137 || !looksLikeDns(bytes, payload, end)) return false;
  elsewhere.add(flow);
  return true;
}
