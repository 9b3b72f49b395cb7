import { machineOf, run, type Environment, type Machine } from '../../bpf/run.ts';
import type { Program } from '../../bpf/program.ts';
import { decisionsOf } from './decisions.ts';
import type { Packets } from './packets.ts';
import { isWritable, programText, VERDICT } from './program-text.ts';
import { shapesOf, type Shape } from './shapes.ts';

/** What a match is told as: the packet's place among the others, and the number of the program. */
export type OnMatch = (packet: number, program: number) => void;

/** What the interpreter is told beside a packet. */
export interface Surroundings {
  readonly environment: (packets: Packets, packet: number) => Environment;
  /** So many bytes before a packet are headers that its socket hides. */
  readonly hidden: number;
}

/** Programs that became one: what all of them let through is found in one pass. */
export interface Fused {
  /** Tells which programs let which packets through, packet by packet, for each in the order of the programs. */
  scan(packets: Packets, onMatch: OnMatch): void;
}

type Loop = (packets: Packets) => void;

/** What the written code calls when something matched, or may have. */
interface Helpers {
  readonly filters: readonly Uint8Array[];
  /** A constant of a shape came: which members are to be run by themselves. */
  hit(table: number, a: number): void;
  /** A shape is done with a packet. */
  settle(packet: number, shape: number, verdict: number): void;
}

/**
 * Makes one of many programs: equal ones are run once, those of one shape share one pass with their constants in a table, and
 * shapes share what they ask alike. The answer is the interpreter's on every packet; it decides itself where the code cannot.
 *
 * @param programs Programs that Linux takes.
 */
export function fuse(programs: readonly Program[], surroundings: Surroundings): Fused {
  const equal = Map.groupBy(programs.keys(), (number) =>
    programs[number]!.map(({ code, jt, jf, k }) => `${code},${jt},${jf},${k}`).join(';'),
  );
  const copies = [...equal.values()];
  const distinct = copies.map(([first]) => programs[first!]!);
  const numbers = distinct.map((_, number) => number);
  const shapes = shapesOf(
    distinct,
    numbers.filter((number) => isWritable(distinct[number]!)),
  );
  const others = numbers.filter((number) => !isWritable(distinct[number]!));

  const machines: (Machine | undefined)[] = distinct.map(() => undefined);
  const accepts = (packets: Packets, packet: number, number: number): boolean => {
    const machine = (machines[number] ??= machineOf(distinct[number]!));
    const start = packets.start[packet]!;
    const end = start + packets.captured[packet]!;
    const { bytes } = packets;
    return (
      run(
        machine,
        bytes.subarray(start, end),
        surroundings.environment(packets, packet),
        packets.wire[packet],
        surroundings.hidden === 0 ? undefined : bytes.subarray(start - surroundings.hidden, start),
      ) !== 0
    );
  };

  const tables = tablesOf(distinct, shapes);
  const pending = new Set<number>();
  /** Numbers of distinct programs that let the packet at hand through. */
  let matched: number[] = [];
  let matchedPacket = -1;
  let current: Packets | undefined;
  let tell: OnMatch = () => undefined;
  const flush = (): void => {
    const through = matched.flatMap((number) => copies[number]!);
    for (const program of through.sort((a, b) => a - b)) tell(matchedPacket, program);
    matched = [];
  };
  const note = (packet: number, number: number): void => {
    if (packet !== matchedPacket && matched.length > 0) flush();
    matchedPacket = packet;
    matched.push(number);
  };
  const helpers: Helpers = {
    filters: tables.map(({ filter }) => filter),
    hit(table, a) {
      for (const number of tables[table]!.members.get(a) ?? []) pending.add(number);
    },
    settle(packet, shape, verdict) {
      const ask = verdict === VERDICT.unsure ? shapes[shape]!.members : pending;
      if (verdict === VERDICT.yes) {
        for (const number of shapes[shape]!.members) if (!pending.has(number)) note(packet, number);
      }
      for (const number of ask) if (accepts(current!, packet, number)) note(packet, number);
      pending.clear();
    },
  };
  const loop = loopOf(shapes, tables, helpers);
  return {
    scan(packets, onMatch) {
      tell = onMatch;
      current = packets;
      if (others.length === 0) loop(packets);
      else scanWithOthers(packets);
      if (matched.length > 0) flush();
    },
  };

  /** Those that only the interpreter can run are run behind the others, and told with them. */
  function scanWithOthers(packets: Packets): void {
    const found: [packet: number, program: number][] = [];
    const outer = tell;
    tell = (packet, program) => void found.push([packet, program]);
    loop(packets);
    if (matched.length > 0) flush();
    for (let packet = 0; packet < packets.count; packet++) {
      for (const number of others) {
        if (accepts(packets, packet, number)) for (const program of copies[number]!) found.push([packet, program]);
      }
    }
    for (const [packet, program] of found.sort(([p, a], [q, b]) => p - q || a - b)) outer(packet, program);
  }
}

interface Table {
  readonly shape: number;
  readonly pc: number;
  /** Members by their constant, signed. */
  readonly members: ReadonlyMap<number, readonly number[]>;
  /** 0 where no constant has these lowest bits: most packets are done with one look. */
  readonly filter: Uint8Array;
}

function tablesOf(programs: readonly Program[], shapes: readonly Shape[]): readonly Table[] {
  return shapes.flatMap(({ varying, members }, shape) =>
    varying.map((pc) => {
      const byConstant = Map.groupBy(members, (number) => programs[number]![pc]!.k | 0);
      const filter = new Uint8Array(Math.min(65_536, 2 ** Math.ceil(Math.log2(64 * byConstant.size))));
      for (const k of byConstant.keys()) filter[slotOf(k, filter.length)] = 1;
      return { shape, pc, members: byConstant, filter };
    }),
  );
}

function slotOf(a: number, size: number): number {
  return (a ^ (a >>> 16)) & (size - 1);
}

/** Writes the pass over packets. The text is made of numbers of programs that were checked, never of a text from outside. */
function loopOf(shapes: readonly Shape[], tables: readonly Table[], helpers: Helpers): Loop {
  if (shapes.length === 0) return () => undefined;
  const names = tables.map((_, table) => `f${table}`);
  const varied = (shape: number): Map<number, string> =>
    new Map(
      tables.flatMap((one, table) =>
        one.shape === shape
          ? [[one.pc, `if(f${table}[(a^(a>>>16))&${one.filter.length - 1}]!==0){hit(${table},a);h=1;}`] as const]
          : [],
      ),
    );
  const head = `'use strict';const {hit,settle}=helpers;const [${names.join()}]=helpers.filters;`;
  const [only] = shapes;
  if (shapes.length === 1 && only !== undefined) {
    const body = programText(only.program, 'p', varied(0));
    return written(
      `${head}return function scan(packets){const b=packets.bytes,starts=packets.start,captured=packets.captured,wires=packets.wire,count=packets.count;
for(let i=0;i<count;i++){const s=starts[i],n=captured[i],w=wires[i];let v=0,h=0;{${body}}if((v|h)!==0)settle(i,0,v);}}`,
      helpers,
    );
  }
  const { text, leaves } = decisionsOf(shapes);
  const functions = shapes.map(
    ({ program }, shape) =>
      `function p${shape}(b,s,n,w,i){let v=0,h=0;{${programText(program, 'p', varied(shape))}}if((v|h)!==0)settle(i,${shape},v);}`,
  );
  const cases = leaves.map((left, leaf) =>
    left.length === 0 ? '' : `case ${leaf}:{${left.map((shape) => `p${shape}(b,s,n,w,i);`).join('')}break;}`,
  );
  return written(
    `${head}${functions.join('\n')}
function decide(b,s,n){let leaf=0;{${text}}return leaf;}
return function scan(packets){const b=packets.bytes,starts=packets.start,captured=packets.captured,wires=packets.wire,count=packets.count;
for(let i=0;i<count;i++){const s=starts[i],n=captured[i],w=wires[i];switch(decide(b,s,n)){${cases.join('\n')}}}}`,
    helpers,
  );
}

function written(text: string, helpers: Helpers): Loop {
  // oxlint-disable-next-line typescript/no-implied-eval, eslint/no-new-func
  return (new Function('helpers', text) as (helpers: Helpers) => Loop)(helpers);
}
