import type { Expression } from '../pcap/expression.ts';
import { exactly, fieldOf, networkOffset, transportOffset, typeOf, type Layout, type Question } from './questions.ts';

/** An expression that moves the headers of all that is written after it. */
export interface Passage {
  readonly expression: Expression;
  /** Where the headers are then; undefined where that depends on the packet. */
  readonly inner: Layout | undefined;
  readonly place: number;
}

const VLAN_TYPES: readonly number[] = [0x8100, 0x88a8, 0x9100];
const PPPOE = 0x8864;
const MPLS = 0x8847;
const GENEVE_PORT = 6081;
const LABEL = 0xfffff000;

/** The tags and tunnels that a program asks for. */
export function passagesOf(questions: readonly Question[], layout: Layout): readonly Passage[] {
  const found: Passage[] = [];
  const { typeAt, networkAt } = layout;
  const moved = (by: number): Layout => ({ type: typeAt + by, typeAt: typeAt + by, networkAt: networkAt + by });
  const kinds = {
    vlan: moved(4),
    pppoes: { type: 'ppp', typeAt: networkAt + 6, networkAt: networkAt + 8 },
    mpls: { type: 'version', typeAt: 0, networkAt: networkAt + 4, labelled: true },
    geneve: undefined,
  } as const;
  const tunnelled = questions.some(({ condition }) => asksForGeneve(condition, layout));
  questions.forEach((question, place) => {
    const add = (expression: Expression, kind: keyof typeof kinds): void => {
      found.push({ expression, inner: kinds[kind], place });
    };
    const asked = exactly(question.condition);
    if (asked === undefined) return;
    const { of, value } = asked;
    const type = typeof layout.type === 'number' ? typeOf(of, value, layout) : undefined;
    if (type === VLAN_TYPES[0]) add({ kind: 'vlan' }, 'vlan');
    if (type === PPPOE) add({ kind: 'pppoes' }, 'pppoes');
    if (type === MPLS) add({ kind: 'mpls' }, 'mpls');
    const field = fieldOf(of);
    if (field === undefined) return;
    const { load, mask } = field;
    const offset = networkOffset(load, layout);
    const known = (one: number): boolean => question.types.has(one);
    if (load.size === 2 && mask === 0xfff && offset === 0 && VLAN_TYPES.some(known))
      add({ kind: 'vlan', id: value }, 'vlan');
    if (load.size === 4 && mask === 0xffff && offset === 0 && known(PPPOE))
      add({ kind: 'pppoes', session: value }, 'pppoes');
    if (load.size === 4 && mask === LABEL && offset === 0 && (known(MPLS) || layout.labelled === true)) {
      add({ kind: 'mpls', label: value >>> 12 }, 'mpls');
    }
    if (!tunnelled) return;
    if (load.size === 2 && value === GENEVE_PORT && transportOffset(load, layout) === 2)
      add({ kind: 'geneve' }, 'geneve');
    if (load.size === 4 && mask === 0xffffff00 && transportOffset(load, layout) === 12) {
      add({ kind: 'geneve', vni: value >>> 8 }, 'geneve');
    }
  });
  return found;
}

/** Whether a question is for the version of Geneve. */
function asksForGeneve(condition: Question['condition'], layout: Layout): boolean {
  const field = condition.kind === 'within' ? fieldOf(condition.of) : undefined;
  return field?.load.size === 1 && field.mask === 0xc0 && transportOffset(field.load, layout) === 8;
}
