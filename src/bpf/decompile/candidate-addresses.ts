import { prefixOf } from '../pcap/addresses.ts';
import type { Direction, Expression } from '../pcap/expression.ts';
import type { Step } from '../sets/explore.ts';
import type { Add } from './candidate.ts';
import { addDecnet, addHardware } from './candidate-hardware.ts';
import { exactly, fieldOf, networkOffset, type Layout, type Question } from './questions.ts';

/** Where addresses stand behind the network header, by EtherType. */
const ADDRESSES: Readonly<Record<number, Readonly<Record<number, 'src' | 'dst'>>>> = {
  0x0800: { 12: 'src', 16: 'dst' },
  0x0806: { 14: 'src', 24: 'dst' },
  0x8035: { 14: 'src', 24: 'dst' },
};
const NETWORKS = { 0x0800: 'ip', 0x0806: 'arp', 0x8035: 'rarp', 0x86dd: 'ip6' } as const;
type NetworkType = keyof typeof NETWORKS;

/** The addresses that a question may come from. */
export function addAddresses(question: Question, layout: Layout, add: Add): void {
  const asked = exactly(question.condition);
  const field = asked && fieldOf(asked.of);
  if (asked === undefined || field === undefined) return;
  const offset = networkOffset(field.load, layout);
  const types = [...question.types].filter((type): type is NetworkType => type in NETWORKS);
  if (field.load.size === 4 && offset !== undefined) {
    for (const type of types) {
      const direction = ADDRESSES[type]?.[offset];
      if (direction !== undefined) addIp4(asked.value, field.mask, direction, NETWORKS[type], add);
    }
    if (types.includes(0x86dd) && (offset === 8 || offset === 24)) addIp6(question, offset, layout, add);
  }
  if (field.load.size === 1 && offset !== undefined) {
    if (offset === 16 && asked.value === 224 && types.includes(0x0800)) add(1, { kind: 'multicast', on: 'ip' });
    if (offset === 24 && asked.value === 255 && types.includes(0x86dd)) add(1, { kind: 'multicast', on: 'ip6' });
  }
  if (layout.type !== 'kernel' && layout.type !== 'version' && layout.networkAt === 14) addHardware(question, add);
  addDecnet(question, add);
}

function addIp4(
  address: number,
  mask: number,
  direction: 'src' | 'dst',
  network: 'ip' | 'arp' | 'rarp' | 'ip6',
  add: Add,
): void {
  const made = (toward: Direction | undefined, within: typeof network | undefined): Expression => {
    const prefix = prefixOf(mask);
    const common = { network: within, direction: toward };
    if (prefix === 32) return { kind: 'host', ...common, address };
    return prefix === undefined
      ? { kind: 'masked', ...common, address, mask }
      : { kind: 'net', ...common, address, prefix };
  };
  add(1, made(undefined, undefined), made(direction, undefined));
  add(1, made(direction, network));
  add(1, made('src and dst', undefined));
  add(1, made(undefined, network));
  add(2, made('src and dst', network));
  if (network === 'ip' && direction === 'dst' && mask === 0xffffffff && (address === 0 || address === mask)) {
    add(1, { kind: 'broadcast', on: 'ip' });
  }
}

/** The words of an IPv6 address, asked for one after the other. */
function addIp6(question: Question, start: number, layout: Layout, add: Add): void {
  const words: number[] = [];
  let prefix = 0;
  let step: Step | undefined = question.step;
  while (step !== undefined && words.length < 4) {
    const asked =
      step.test === undefined || step.test === 'unknown' || step.test.kind !== 'within' ? undefined : step.test;
    const [interval] = asked?.intervals ?? [];
    const field = asked && fieldOf(asked.of);
    if (interval === undefined || interval[0] !== interval[1] || field?.load.size !== 4) break;
    if (networkOffset(field.load, layout) !== start + 4 * words.length) break;
    const length = prefixOf(field.mask);
    if (length === undefined) break;
    words.push(interval[0]);
    prefix += length;
    if (length < 32) break;
    const [yes]: Step['next'] = step.next;
    step = typeof yes === 'object' ? yes : undefined;
  }
  if (words.length === 0) return;
  const [a = 0, b = 0, c = 0, d = 0] = words;
  const address = [a, b, c, d] as const;
  const made = (direction: Direction | undefined, network: 'ip6' | undefined): Expression =>
    prefix === 128
      ? { kind: 'host', network, direction, address }
      : { kind: 'net', network, direction, address, prefix };
  const direction = start === 8 ? 'src' : 'dst';
  add(1, made(undefined, undefined), made(direction, undefined));
  add(1, made('src and dst', undefined));
}
