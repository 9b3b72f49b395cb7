import { SIGNS, type Formula } from './formula.ts';
import type { Headers } from './headers.ts';
import { roleOf } from './role.ts';

/** A formula in words: `udp payload+0:4 ^ 0x5a5a5a5a`, where `:4` is the size of the value in bytes. */
export function formulaText(formula: Formula, headers: Headers): string {
  switch (formula.kind) {
    case 'constant':
      return formula.value < 10 ? String(formula.value) : `0x${formula.value.toString(16)}`;
    case 'load': {
      const { protocol, at } = roleOf(formula, headers);
      return `${protocol === undefined ? '' : `${protocol} `}${at}:${formula.size}`;
    }
    case 'ancillary':
      return formula.name;
    case 'length':
    case 'unknown':
      return formula.kind;
    case 'operation': {
      const [left, right] = [formula.left, formula.right].map((side) =>
        side.kind === 'operation' ? `(${formulaText(side, headers)})` : formulaText(side, headers),
      );
      return `${left} ${SIGNS[formula.operator]} ${right}`;
    }
  }
}
