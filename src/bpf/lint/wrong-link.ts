import { NETWORK_AREA } from '../ancillary.ts';
import type { Link } from '../link.ts';
import type { Analysis } from '../meaning/analysis.ts';
import { OP } from '../program.ts';
import { ARP, IPV4, IPV6, RARP } from '../protocols.ts';
import type { Check } from './flow.ts';
import type { Examples } from './example.ts';
import type { Lint } from './lint-record.ts';

const TYPES = new Set([IPV4, IPV6, ARP, RARP, 0x8100, 0x88a8, 0x88cc, 0x888e, 0x8863, 0x8864]);

/** Where offsets that give themselves away are counted from. */
const SIGNS: readonly { readonly link: Link; readonly typeAt: number | undefined; readonly headerAt: number }[] = [
  { link: 'ethernet', typeAt: 12, headerAt: 14 },
  { link: 'linux_sll', typeAt: 14, headerAt: 16 },
  { link: 'network', typeAt: undefined, headerAt: 0 },
];

const NAMES: Readonly<Partial<Record<Link, string>>> = {
  ethernet: 'an Ethernet header',
  linux_sll: 'the 16-byte header of a cooked capture',
  network: 'the network header',
};

/** Offsets that are counted from another header than the one that packets of the socket begin with. */
export function linkLints(analysis: Analysis, checks: readonly Check[], examples: Examples): Lint[] {
  const { program, sets } = analysis;
  const own = SIGNS.find(({ link }) => link === sets.link);
  if (own === undefined) return [];
  const header = program.findIndex(({ code, k }) => code === OP.ldxMsh && k < NETWORK_AREA);
  const headerAt = program[header]?.k;
  const typed = (at: number | undefined) => (at === undefined ? [] : typeChecks(checks, at));
  // Offsets of its own link that make sense say that it is meant for it.
  if (headerAt === own.headerAt || typed(own.typeAt).length > 0) return [];
  const meant = SIGNS.find(({ link, typeAt, headerAt: at }) => {
    if (link === sets.link) return false;
    return typeAt === undefined ? headerAt === at : typed(typeAt).length > 0;
  });
  if (meant === undefined) return [];
  const at = typed(meant.typeAt);
  const example = examples.ofSet(analysis.set, true);
  return [
    {
      code: 'wrong-link',
      at: at.length > 0 ? at : [header],
      sentence: `offsets are counted from ${NAMES[meant.link]}, but packets of this socket begin with ${NAMES[sets.link]}`,
      ...(example && { example }),
    },
  ];
}

function typeChecks(checks: readonly Check[], typeAt: number): number[] {
  return checks.flatMap(({ pc, condition }) => {
    if (condition.kind !== 'within' || condition.of.kind !== 'load' || condition.of.size !== 2) return [];
    const { index } = condition.of;
    const [only] = condition.intervals;
    const here = index.kind === 'constant' && index.value === typeAt;
    return here && only !== undefined && only[0] === only[1] && TYPES.has(only[0]) ? [pc] : [];
  });
}
