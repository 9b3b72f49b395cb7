import { addressText, ethernetText } from './addresses.ts';
import type { Expression, Primitive, Relation } from './expression.ts';
import { termText } from './print-term.ts';

/**
 * Writes an expression so that libpcap 1.10.3, and `parseExpression`, read it back as it is.
 *
 * There are parentheses around what `not` and another joining word apply to, even where `and` and `or`, which libpcap reads
 * from left to right, would not need them: readers disagree on that order.
 *
 * @example
 * printExpression({ kind: 'relation', op: '=', left: load('udp', 8, 2), right: 0x7255 }); // 'udp[8:2] = 0x7255'
 */
export function printExpression(expression: Expression): string {
  // The empty expression, which takes every packet, can be written only where it stands alone.
  return expression.kind === 'and' && expression.of.length === 0 ? '' : textOf(expression);
}

function textOf(expression: Expression): string {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const { kind, of } = expression;
      const [only] = of;
      if (only === undefined) return kind === 'and' ? '0 = 0' : '0 = 1';
      if (of.length === 1) return textOf(only);
      return of
        .map((part) => (isJoined(part) && part.kind !== kind ? `(${textOf(part)})` : textOf(part)))
        .join(` ${kind} `);
    }
    case 'not': {
      const inner = textOf(expression.of);
      const atom = expression.of.kind !== 'relation' && expression.of.kind !== 'not' && !isJoined(expression.of);
      return atom ? `not ${inner}` : `not (${inner})`;
    }
    case 'relation':
      return relationText(expression);
    default:
      return primitiveText(expression);
  }
}

function isJoined(expression: Expression): boolean {
  return (expression.kind === 'and' || expression.kind === 'or') && expression.of.length > 1;
}

function relationText({ op, left, right }: Relation): string {
  return `${termText(left, right)} ${op} ${termText(right, left)}`;
}

function primitiveText(primitive: Primitive): string {
  switch (primitive.kind) {
    case 'protocol':
      return primitive.name;
    case 'proto': {
      const wide = primitive.within === 'ether' && primitive.number > 0xff;
      return words(
        primitive.within,
        'proto',
        wide ? `0x${primitive.number.toString(16).padStart(4, '0')}` : primitive.number,
      );
    }
    case 'host':
      return words(primitive.network, primitive.direction, 'host', addressText(primitive.address));
    case 'net': {
      const net = `${addressText(primitive.address)}/${primitive.prefix}`;
      return words(primitive.network, primitive.direction, 'net', net);
    }
    case 'masked': {
      const { network, direction, address, mask } = primitive;
      return words(network, direction, 'net', addressText(address), 'mask', addressText(mask));
    }
    case 'ether':
      return words('ether', primitive.direction, 'host', ethernetText(primitive.address));
    case 'decnet': {
      const { address } = primitive;
      const node = `${address >>> 10}.${address & 0x3ff}`;
      return words('decnet', primitive.direction, 'host', node);
    }
    case 'port':
      return words(primitive.protocol, primitive.direction, 'port', primitive.port);
    case 'portrange': {
      const range = `${primitive.from}-${primitive.to}`;
      return words(primitive.protocol, primitive.direction, 'portrange', range);
    }
    case 'broadcast':
    case 'multicast':
      return primitive.on === 'ether' ? primitive.kind : `${primitive.on} ${primitive.kind}`;
    case 'vlan':
      return words('vlan', primitive.id);
    case 'mpls':
      return words('mpls', primitive.label);
    case 'pppoes':
      return words('pppoes', primitive.session);
    case 'geneve':
      return words('geneve', primitive.vni);
    case 'llc':
      return words('llc', primitive.type);
    case 'ifindex':
      return words('ifindex', primitive.index);
    case 'inbound':
    case 'outbound':
      return primitive.kind;
  }
}

function words(...parts: readonly (string | number | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}
