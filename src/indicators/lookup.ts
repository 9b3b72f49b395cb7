import { addressOf, contains, networkOf, type Network } from '../lib/network.ts';
import { portsOf, type Indicator, type IndicatorKind } from './indicator.ts';

/** Indicators, indexed for many questions. */
export interface Lookup {
  readonly size: number;
  /** Those of a kind with exactly this value. */
  of(kind: IndicatorKind, value: string): readonly Indicator[];
  /** Those of an address, or of a network in which it lies. */
  ofAddress(text: string): readonly Indicator[];
  ofPort(port: number): readonly Indicator[];
  /** Those of the names of hosts and of the addresses that a text names; a name below a published one counts. */
  inText(text: string): readonly Indicator[];
}

const NONE: readonly Indicator[] = [];
const HOST_OR_ADDRESS = /[0-9a-z_](?:[0-9a-z_.:-]{2,252}[0-9a-z])/gi;
const LONGEST_TEXT = 65_536;

export function lookupOf(indicators: readonly Indicator[]): Lookup {
  const byValue = Map.groupBy(indicators, ({ kind, value }) => `${kind} ${value}`);
  const of = (kind: IndicatorKind, value: string) => byValue.get(`${kind} ${value}`) ?? NONE;
  const networks = indicators.flatMap((indicator): (readonly [Network, Indicator])[] => {
    const network = indicator.kind === 'address' ? networkOf(indicator.value) : undefined;
    return network ? [[network, indicator]] : [];
  });
  const isAlone = ([{ family, prefix }]: readonly [Network, Indicator]) => prefix === (family === 4 ? 32 : 128);
  const keyOf = ({ family, bits }: { family: 4 | 6; bits: bigint }) => `${family} ${bits}`;
  const alone = Map.groupBy(networks.filter(isAlone), ([network]) => keyOf(network));
  const wide = networks.filter((one) => !isAlone(one));
  const ports = indicators.flatMap((indicator) => {
    const range = indicator.kind === 'port' ? portsOf(indicator.value) : undefined;
    return range ? [[range, indicator] as const] : [];
  });
  const ofAddress = (text: string): readonly Indicator[] => {
    const address = networks.length === 0 ? undefined : addressOf(text);
    if (address === undefined) return NONE;
    const inside = wide.filter(([network]) => contains(network, address));
    return [...(alone.get(keyOf(address)) ?? []), ...inside].map(([, indicator]) => indicator);
  };
  return {
    size: indicators.length,
    of,
    ofAddress,
    ofPort: (port) => ports.flatMap(([[from, upTo], indicator]) => (from <= port && port <= upTo ? [indicator] : [])),
    inText: (text) =>
      (text.slice(0, LONGEST_TEXT).match(HOST_OR_ADDRESS) ?? []).flatMap((word) => [
        ...ofAddress(word.replace(/:\d+$/, '')),
        ...namesAbove(word.toLowerCase().replace(/:\d+$/, '')).flatMap((name) => of('domain', name)),
      ]),
  };
}

/** `a.b.example` and `b.example`. */
function namesAbove(name: string): readonly string[] {
  const parts = name.split('.');
  return parts.slice(0, -1).map((_, at) => parts.slice(at).join('.'));
}
