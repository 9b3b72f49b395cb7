import { ANCILLARY_AREA, LINK_AREA, NETWORK_AREA } from './ancillary.ts';
import { ALU, CLASS, JUMP, MODE, type Instruction } from './program.ts';
import { instructionOf } from './row.ts';

/** Names as they stand in source code and in the output of strace, by the group that numbers them. */
const NAMES: ReadonlyMap<string, number> = new Map([
  ...named('BPF_', { ...CLASS, ...MODE, ...ALU, ...JUMP }),
  ...named('BPF_', { w: 0x00, h: 0x08, b: 0x10, k: 0x00, x: 0x08, a: 0x10, tax: 0x00, txa: 0x80 }),
  ...named('SKF_', { ad_off: ANCILLARY_AREA, net_off: NETWORK_AREA, ll_off: LINK_AREA }),
  ...[
    ...['PROTOCOL', 'PKTTYPE', 'IFINDEX', 'NLATTR', 'NLATTR_NEST', 'MARK', 'QUEUE', 'HATYPE', 'RXHASH', 'CPU'],
    ...['ALU_XOR_X', 'VLAN_TAG', 'VLAN_TAG_PRESENT', 'PAY_OFFSET', 'RANDOM', 'VLAN_TPID'],
  ].map((name, index) => [`SKF_AD_${name}`, 4 * index] as const),
  ...named('ETH_P_', {
    all: 0x0003,
    ip: 0x0800,
    arp: 0x0806,
    ipv6: 0x86dd,
    '8021q': 0x8100,
    lldp: 0x88cc,
    pae: 0x888e,
  }),
  ...named('IPPROTO_', { icmp: 1, igmp: 2, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 }),
]);

function named(prefix: string, table: Readonly<Record<string, number>>): (readonly [string, number])[] {
  return Object.entries(table).map(([name, value]) => [prefix + name.toUpperCase(), value]);
}

/** The order of the arguments of each macro; a row in brackets has that of `struct sock_filter`. */
const FIELDS: Readonly<Record<string, readonly ('code' | 'jt' | 'jf' | 'k')[]>> = {
  '': ['code', 'jt', 'jf', 'k'],
  BPF_STMT: ['code', 'k'],
  BPF_JUMP: ['code', 'k', 'jt', 'jf'],
};

/** Whether a name makes an instruction of the brackets behind it. */
export function isMacro(name: string): boolean {
  return name !== '' && Object.hasOwn(FIELDS, name);
}

/**
 * An instruction from the words of one row.
 *
 * @param macro `BPF_STMT`, `BPF_JUMP` or nothing.
 * @param words What stands between the brackets: `BPF_LD`, `|`, `BPF_H`, `|`, `BPF_ABS`, `,`, `12`.
 * @returns undefined when it is none, or holds a name that is not known.
 */
export function instructionOfSource(macro: string, words: readonly string[]): Instruction | undefined {
  const order = FIELDS[macro] ?? [];
  const fields: string[][] = [[]];
  for (const word of words) {
    if (word === ',') fields.push([]);
    else fields.at(-1)?.push(word);
  }
  if (fields.at(-1)?.length === 0) fields.pop();
  if (fields.length !== order.length) return undefined;
  const value = (name: (typeof order)[number]) => {
    const at = order.indexOf(name);
    return at === -1 ? 0 : constantOf(withoutName(fields[at] ?? [], name));
  };
  return instructionOf([value('code'), value('jt'), value('jf'), value('k')]);
}

/** `.k = 12` and `k=12` say which field they are. */
function withoutName(words: readonly string[], name: string): readonly string[] {
  const start = words[0] === '.' ? 1 : 0;
  return words[start] === name && words[start + 1] === '=' ? words.slice(start + 2) : words;
}

const NUMBER = /^(0x[0-9a-f]{1,8}|\d{1,10})[ul]{0,3}$/i;

/** A sum of numbers and names; a negative one, or one in `~`, is taken modulo 2^32. */
function constantOf(words: readonly string[]): number | undefined {
  let sum: number | undefined;
  let sign = '+';
  for (const [index, word] of words.entries()) {
    const operator = '+-~|'.includes(word);
    if (operator && (index === 0 ? word !== '|' : sum !== undefined && sign === '')) {
      sign = word;
      continue;
    }
    const value = NAMES.get(word) ?? numberOf(word);
    if (value === undefined || sign === '') return undefined;
    const before: number = sum ?? 0;
    sum = { '+': before + value, '-': before - value, '~': before + ~value, '|': (before | value) >>> 0 }[sign];
    sign = '';
  }
  if (sum === undefined || sign !== '' || sum < -0x80000000) return undefined;
  return sum < 0 ? sum >>> 0 : sum;
}

function numberOf(word: string): number | undefined {
  const digits = NUMBER.exec(word)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
