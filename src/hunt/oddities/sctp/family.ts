import {
  DATA,
  INIT,
  INIT_ACK,
  sctpChunks,
  sctpHeader,
  sctpInit,
  type SctpChunk,
  type SctpInit,
} from '../../../packets/dissect/signalling/sctp/chunks.ts';
import { u16 } from '../../../lib/endian.ts';
import type { Sight } from '../../../packets/flows/sight.ts';
import { Bursts } from '../bursts.ts';
import type { OddityFamily } from '../oddity.ts';
import { Past } from '../past.ts';
import { sctpReaderOf } from './carried.ts';
import { atOdds, SIGNALLING_NAMES } from './contents.ts';

const ABORT = 6;
const REFLECTED_TAG = 1;
/** Chunks up to here, and some beyond, are defined. @see IANA, SCTP Chunk Types */
const DEFINED = new Set([...Array.from({ length: 16 }, (_, type) => type), 64, 128, 129, 130, 132, 192, 193, 194]);
/** The least that a host must be able to take. @see RFC 9260, 3.3.2 */
const LEAST_WINDOW = 1500;
/** Below it no port is one's own choice. */
const CHOSEN_PORTS = 1024;

const MINUTE = 60e6;
const MOST_FLOWS = 1 << 14;
const MOST_CALLERS = 4096;
const MOST_TARGETS = 64;
const TARGETS = 10;
const ABORTS = 20;

export const sctpOddities: OddityFamily = {
  id: 'oddities/sctp',
  summary: 'Associations of SCTP that are opened, used or ended as no honest stack does.',
  protocols: ['sctp'],
  kinds: [
    {
      name: 'sctp-data-without-tag',
      meaning:
        'Data of SCTP with a verification tag of 0, which no association has: no stack takes them, only who listens beside it.',
    },
    {
      name: 'sctp-data-out-of-the-blue',
      meaning:
        'Data of SCTP outside of any association, which the receiver aborted: a packet for who listens beside the stack.',
    },
    {
      name: 'sctp-init-odd',
      meaning:
        'A request for an association that no stack writes: without tag or streams, with a window below the least, or beside other chunks.',
    },
    {
      name: 'sctp-scan',
      meaning:
        'One host asks ten others, or ten ports, for an association within a minute and is not answered: it looks for signalling nodes.',
    },
    { name: 'sctp-abort-burst', meaning: 'One host aborts twenty associations with another within a minute.' },
    {
      name: 'sctp-identifier-at-odds',
      meaning:
        'Data whose payload protocol identifier names a protocol of signalling that they are not: something else travels in its dress.',
    },
    { name: 'sctp-other-port', meaning: 'A protocol of signalling on a port of its server that it never used before.' },
    { name: 'sctp-undefined-chunk', meaning: 'A chunk of SCTP whose type is not defined.' },
  ],
  create(scene, report) {
    const carried = sctpReaderOf(scene);
    /** Flows whose first packet was data, with the tag that it had. */
    const blue = new Map<number, number>();
    const asked = new Map<number, Map<number, number>>();
    /** Whether the capture shows answers at all: of one direction alone nothing is unanswered. */
    let answers = false;
    const scans = new Bursts(TARGETS, MINUTE);
    const aborts = new Bursts(ABORTS, MINUTE);
    const ports = new Past({ messages: 200, micros: 300e6 });

    const init = (sight: Sight, chunk: SctpChunk, chunks: number, tag: number): void => {
      const value = sctpInit(sight.bytes, chunk);
      const why = value && faultOf(value, chunks, tag);
      if (why !== undefined) {
        report('sctp-init-odd', sight, () => ({ text: `asked for an association ${why}`, measures: { fault: why } }));
      }
      const { source, destination, destinationPort, micros } = sight;
      const waiting = asked.get(source) ?? new Map<number, number>();
      asked.set(source, waiting);
      if (asked.size > MOST_CALLERS) asked.delete(asked.keys().next().value!);
      const target = destination * 0x10000 + destinationPort;
      for (const [other, since] of waiting) {
        if (micros - since > MINUTE) waiting.delete(other);
        else if (answers && micros - since > 1e6 && other !== target) scan(sight, other);
      }
      if (waiting.size < MOST_TARGETS) waiting.set(target, waiting.get(target) ?? micros);
    };

    /** A target that did not take an association. */
    const scan = (sight: Sight, target: number, host: 'source' | 'destination' = 'source'): void => {
      const who = host === 'source' ? sight.source : sight.destination;
      if (!scans.add(who, target, sight.micros)) return;
      report('sctp-scan', sight, () => ({
        text:
          host === 'source'
            ? `asked ${TARGETS} targets for an association within a minute and was not answered`
            : `is the last of ${TARGETS} targets that refused an association within a minute`,
        measures: { targets: TARGETS },
        host,
      }));
    };

    const abort = (sight: Sight, chunk: SctpChunk, tag: number): void => {
      const first = blue.get(sight.flow);
      if (first !== undefined && !sight.forward && (chunk.flags & REFLECTED_TAG) !== 0 && first === tag) {
        report('sctp-data-out-of-the-blue', sight, () => ({
          text: 'aborted, as there was no association, what it got as data',
        }));
      }
      const target = sight.source * 0x10000 + sight.sourcePort;
      if (asked.get(sight.destination)?.delete(target) === true) scan(sight, target, 'destination');
      if (aborts.add(`${sight.source} ${sight.destination}`, tag, sight.micros)) {
        report('sctp-abort-burst', sight, () => ({ text: `aborted ${ABORTS} associations within a minute` }));
      }
    };

    return (sight) => {
      const header = sctpHeader(sight.bytes, sight.transport, sight.end);
      if (header === undefined) return;
      const chunks = sctpChunks(sight.bytes, sight.payload, sight.end);
      for (const chunk of chunks) {
        if (chunk.type === INIT) init(sight, chunk, chunks.length, header.tag);
        else if (chunk.type === INIT_ACK) {
          answers = true;
          asked.get(sight.destination)?.delete(sight.source * 0x10000 + sight.sourcePort);
        } else if (chunk.type === ABORT) abort(sight, chunk, header.tag);
        else if (chunk.type === DATA && header.tag === 0) {
          report('sctp-data-without-tag', sight, () => ({
            text: 'sent data of SCTP without the tag of an association',
            measures: { sizeBytes: chunk.end - chunk.at - 12 },
            host: 'destination',
          }));
        } else if (!DEFINED.has(chunk.type)) {
          report('sctp-undefined-chunk', sight, () => ({
            text: `sent a chunk of SCTP of type ${chunk.type}, which is not defined`,
            measures: { chunk: chunk.type },
          }));
        }
      }
      if (sight.fresh && chunks[0]?.type === DATA) {
        blue.set(sight.flow, header.tag);
        if (blue.size > MOST_FLOWS) blue.delete(blue.keys().next().value!);
      } else if (!sight.forward && chunks[0]?.type !== ABORT) blue.delete(sight.flow);
      for (const { protocol, bytes, at, end } of carried(sight)) {
        const name = SIGNALLING_NAMES[protocol];
        if (name === undefined) continue;
        if (atOdds(protocol, bytes, at, end)) {
          report('sctp-identifier-at-odds', sight, () => ({
            text: `sent data that say they are ${name} and are not`,
            measures: { identifier: protocol, begins: u16(bytes, at) },
          }));
        }
        const port = sight.forward ? sight.destinationPort : sight.sourcePort;
        if (ports.isNew(`${protocol}`, port, sight.micros) && port > CHOSEN_PORTS) {
          report('sctp-other-port', sight, () => ({
            text: `sent ${name} over port ${port}, where it never was before`,
            measures: { port },
          }));
        }
      }
    };
  },
};

function faultOf(
  { tag, window, outbound, inbound }: SctpInit,
  chunks: number,
  verification: number,
): string | undefined {
  if (tag === 0) return 'with a tag of 0';
  if (outbound === 0 || inbound === 0) return 'without streams';
  if (window < LEAST_WINDOW) return `with a window of ${window} bytes`;
  if (chunks > 1) return 'beside other chunks';
  return verification === 0 ? undefined : 'with the tag of another';
}
