import { sha256 } from '../../lib/hash.ts';
import type { Intervals } from '../sets/intervals.ts';
import type { Buffer } from './layers.ts';
import { lowestBit, type Rule, type Term } from './rule.ts';

/** The payload first: what follows the name of another part is about that part. */
const ORDER: readonly Buffer[] = ['payload', 'ipv4.hdr', 'ipv6.hdr', 'tcp.hdr', 'udp.hdr', 'icmpv4.hdr', 'icmpv6.hdr'];

/** `tcp-pkt` looks at packets, not at what a stream comes to: so does a filter. */
const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp-pkt', 17: 'udp', 58: 'icmp', 132: 'sctp' };

/** Numbers for one's own rules: see sidallocation.org. */
const FIRST_SID = 1_000_000;
const SIDS = 1_000_000;

/**
 * A rule as Suricata, from version 5 on, reads it. Its number comes from what it asks: the same packets, the same number.
 *
 * @param message Without quotes, semicolons and backslashes.
 */
export function ruleText({ protocol, ports, terms }: Rule, message: string): string {
  const name = protocol === undefined ? 'ip' : PROTOCOLS[protocol];
  const [from, to] = ports.map(portsText);
  const options = [
    ...(name === undefined ? [`ip_proto:${protocol}`] : []),
    ...ORDER.flatMap((buffer) => optionsOf(terms, buffer)),
  ];
  const head = `alert ${name ?? 'ip'} any ${from} -> any ${to}`;
  const asked = `${head} ${options.join('; ')}`;
  const sid = FIRST_SID + (Number.parseInt(sha256(asked).slice(0, 12), 16) % SIDS);
  return `${head} (msg:"${message}"; ${options.map((option) => `${option}; `).join('')}sid:${sid}; rev:1;)`;
}

function portsText(intervals: Intervals | undefined): string {
  if (intervals === undefined) return 'any';
  const parts = intervals.map(([from, to]) => (from === to ? String(from) : `${from}:${to}`));
  return parts.length === 1 && !parts[0]!.includes(':') ? parts[0]! : `[${parts.join(',')}]`;
}

function optionsOf(terms: readonly Term[], buffer: Buffer): string[] {
  const mine = terms.filter((term) => (term.kind === 'ending' ? 'payload' : term.buffer) === buffer);
  const types = mine.filter(isType).map(({ bytes }) => `itype:${bytes[0]}`);
  const others = mine.filter((term) => !isType(term)).flatMap(termOptions);
  return [...types, ...(buffer === 'payload' || others.length === 0 ? [] : [buffer]), ...others];
}

/** Whether a term is the type of an ICMP message, which has a keyword of its own. */
function isType(term: Term): term is Extract<Term, { kind: 'content' }> {
  return (
    term.kind === 'content' && /^icmpv[46]\.hdr$/.test(term.buffer) && term.offset === 0 && term.bytes.length === 1
  );
}

function termOptions(term: Term): string[] {
  switch (term.kind) {
    case 'content':
      return [`content:"|${hexOf(term.bytes)}|"`, `offset:${term.offset}`, `depth:${term.bytes.length}`];
    case 'ending':
      return [`content:"|${hexOf(term.bytes)}|"`, 'endswith'];
    case 'sum':
      return sumOptions(term);
    case 'number':
      return comparisons(term).map(
        ([operator, value]) => `byte_test:${term.size},${operator},${value},${term.offset}${maskText(term)}`,
      );
  }
}

function sumOptions({ left, right, by: [by = 0] }: Extract<Term, { kind: 'sum' }>): string[] {
  const name = `word${right.offset}`;
  const test = `byte_test:${left.size},=,${name},${left.offset}`;
  if (by === 0) return [`byte_extract:${right.size},${right.offset},${name}`, test];
  const added = `oper ${by < 0 ? '-' : '+'}, rvalue ${Math.abs(by)}`;
  return [`byte_math:bytes ${right.size}, offset ${right.offset}, ${added}, result ${name}`, test];
}

const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');

function maskText({ mask, size }: Extract<Term, { kind: 'number' }>): string {
  return mask === 2 ** (8 * size) - 1 ? '' : `,bitmask 0x${mask.toString(16)}`;
}

function comparisons({ intervals, mask }: Extract<Term, { kind: 'number' }>): [operator: string, value: string][] {
  const least = intervals[0]?.[0] ?? 0;
  const most = intervals.at(-1)?.[1] ?? 0;
  if (least === most) return [['=', hexText(least)]];
  const result: [string, string][] = [];
  if (least > 0) result.push(['>=', hexText(least)]);
  if (most < mask / lowestBit(mask)) result.push(['<=', hexText(most)]);
  for (const [, end] of intervals.slice(0, -1)) result.push(['!=', hexText(end + 1)]);
  return result;
}

const hexText = (value: number): string => `0x${value.toString(16)}`;
