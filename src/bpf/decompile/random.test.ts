import { describe, expect, it } from 'vitest';
import { DLT, libpcap, tcpdump } from '../../testing/libpcap.ts';
import { randomExpression } from '../../testing/random-expression.ts';
import { randomFrom } from '../../testing/random.ts';
import type { Link } from '../link.ts';
import { printExpression } from '../pcap/print.ts';
import type { Program } from '../program.ts';
import { relate } from '../proof/relate.ts';
import { packetSetsOf } from '../sets/packet-set.ts';
import { refusalOf } from '../validate.ts';
import { decompile } from './decompile.ts';

const EXPRESSIONS = 250;

/** Equal, and for a better reason than that no packet was found which tells them apart. */
function areEqual(one: Program, other: Program, link: Link): boolean {
  const { relation, proved } = relate(one, other, link);
  const [left, right] = packetSetsOf([one, other], link).sets;
  return relation === 'equal' && (proved || left === right);
}

describe.skipIf(tcpdump.missing)(`expressions by chance ${tcpdump.label}`, () => {
  it.each(['ethernet', 'network', 'linux_sll'] as const)(
    'mean the same when they are read from their programs and compiled again (%s)',
    { timeout: 60_000 },
    (link) => {
      const random = randomFrom(20261125);
      const wrong: string[] = [];
      let compiled = 0;
      let given = 0;
      for (let count = 0; count < EXPRESSIONS; count++) {
        const written = printExpression(randomExpression(random, 2));
        const program = libpcap(written, DLT[link]);
        if (program === undefined || refusalOf(program) !== undefined) continue;
        compiled++;
        const found = decompile(program, link)?.text;
        if (found === undefined) continue;
        given++;
        const again = libpcap(found, DLT[link]);
        if (again === undefined || !areEqual(program, again, link)) wrong.push(`${written} => ${found}`);
      }

      expect(wrong).toEqual([]);
      expect(compiled).toBeGreaterThan(100);
      expect(given / compiled).toBeGreaterThan(0.9);
    },
  );
});
