import { machineOf, run, type Environment, type Machine } from '../../bpf/run.ts';
import type { Program } from '../../bpf/program.ts';
import { decisionsOf } from './decisions.ts';
import { Matches } from './matches.ts';
import type { Packets } from './packets.ts';
import { isWritable, programText, VERDICT } from './program-text.ts';
import { shapesOf, type Shape } from './shapes.ts';

/** What the interpreter is told beside a packet. */
export interface Surroundings {
  readonly environment: (packets: Packets, packet: number) => Environment;
  /** So many bytes before a packet are headers that its socket hides. */
  readonly hidden: number;
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
 */
export class Fused {
  readonly #surroundings: Surroundings;
  readonly #programs: readonly Program[];
  /** Numbers of equal programs, by that of the first, which stands among them. */
  readonly #copies = new Map<number, number[]>();
  readonly #machines: (Machine | undefined)[] = [];
  readonly #matches = new Matches();
  readonly #loop: Loop;
  #packets: Packets | undefined;

  /** @param programs Programs that Linux takes. */
  constructor(programs: readonly Program[], surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#programs = programs;
    const shapes = shapesOf(programs, (number, first) => {
      const copies = this.#copies.get(first);
      if (copies === undefined) this.#copies.set(first, [first, number]);
      else copies.push(number);
    });
    const written = shapes.filter(({ program }) => isWritable(program));
    const others = shapes.filter(({ program }) => !isWritable(program));
    this.#loop = this.#loopOf([...written, ...others], written.length);
  }

  /**
   * Finds which programs let which packets through, packet by packet, for each in the order of the programs.
   *
   * @returns Arrays that the next call uses again.
   */
  scan(packets: Packets): Matches {
    this.#packets = packets;
    this.#matches.clear();
    this.#loop(packets);
    return this.#matches;
  }

  #loopOf(shapes: readonly Shape[], written: number): Loop {
    if (shapes.length === 0) return () => undefined;
    const tables = tablesOf(this.#programs, shapes);
    const pending = new Set<number>();
    const text = scanText(shapes, written, tables);
    return compiled(text, {
      filters: tables.map(({ filter }) => filter),
      hit: (table, a) => {
        for (const number of tables[table]!.members.get(a) ?? []) pending.add(number);
      },
      settle: (packet, shape, verdict) => {
        const { members } = shapes[shape]!;
        if (verdict === VERDICT.unsure) {
          for (const number of members) if (this.#accepts(packet, number)) this.#note(packet, number);
        } else {
          if (verdict === VERDICT.yes) {
            for (const number of members) if (pending.size === 0 || !pending.has(number)) this.#note(packet, number);
          }
          for (const number of pending) if (this.#accepts(packet, number)) this.#note(packet, number);
        }
        if (pending.size > 0) pending.clear();
      },
    });
  }

  #note(packet: number, number: number): void {
    const copies = this.#copies.get(number);
    if (copies === undefined) this.#matches.add(packet, number);
    else for (const copy of copies) this.#matches.add(packet, copy);
  }

  /** The interpreter's answer. */
  #accepts(packet: number, number: number): boolean {
    const machine = (this.#machines[number] ??= machineOf(this.#programs[number]!));
    const { environment, hidden } = this.#surroundings;
    const { bytes, start, captured, wire } = this.#packets!;
    const from = start[packet]!;
    const whole = bytes.subarray(from, from + captured[packet]!);
    const before = hidden === 0 ? undefined : bytes.subarray(from - hidden, from);
    return run(machine, whole, environment(this.#packets!, packet), wire[packet], before) !== 0;
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

/**
 * Writes the pass over packets. The text is made of numbers of programs that were checked, never of a text from outside.
 *
 * @param written So many of the shapes, the first, can be written; the others are the interpreter's.
 */
function scanText(shapes: readonly Shape[], written: number, tables: readonly Table[]): string {
  const head = `'use strict';const {hit,settle}=helpers;const [${tables.map((_, table) => `f${table}`).join()}]=helpers.filters;`;
  if (shapes.length === 1) return `${head}${passText(`let v=0,h=0;${shapeText(shapes[0]!, 0, written, tables)}`)}`;
  const { text, leaves } = decisionsOf(shapes);
  const functions = shapes.map(
    (shape, number) => `function p${number}(b,d,s,n,w,i){let v=0,h=0;${shapeText(shape, number, written, tables)}}`,
  );
  const cases = leaves.map((left, leaf) =>
    left.length === 0 ? '' : `case ${leaf}:{${left.map((shape) => `p${shape}(b,d,s,n,w,i);`).join('')}break;}`,
  );
  return `${head}${functions.join('\n')}
function decide(b,d,s,n){let leaf=0;{${text}}return leaf;}
${passText(`switch(decide(b,d,s,n)){${cases.join('\n')}}`)}`;
}

/** Does the text for each packet. */
function passText(each: string): string {
  return `return function scan(packets){
const b=packets.bytes,d=new DataView(b.buffer,b.byteOffset,b.byteLength),starts=packets.start,captured=packets.captured,wires=packets.wire,count=packets.count;
for(let i=0;i<count;i++){const s=starts[i],n=captured[i],w=wires[i];${each}}}`;
}

/** Runs a shape on the packet at hand, and tells where something came of it. */
function shapeText({ program }: Shape, shape: number, written: number, tables: readonly Table[]): string {
  if (shape >= written) return `settle(i,${shape},${VERDICT.unsure});`;
  const varied = new Map<number, string>();
  tables.forEach((table, number) => {
    if (table.shape !== shape) return;
    const slot = `(a^(a>>>16))&${table.filter.length - 1}`;
    varied.set(table.pc, `if(f${number}[${slot}]!==0){hit(${number},a);h=1;}`);
  });
  return `{${programText(program, 'p', varied)}}if((v|h)!==0)settle(i,${shape},v);`;
}

function compiled(text: string, helpers: Helpers): Loop {
  // oxlint-disable-next-line typescript/no-implied-eval, eslint/no-new-func
  return (new Function('helpers', text) as (helpers: Helpers) => Loop)(helpers);
}
