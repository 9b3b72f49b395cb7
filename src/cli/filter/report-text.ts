import type { SsSocket } from '../../bpf/ss-socket.ts';
import type { Link } from '../../bpf/link.ts';
import type { Explanation } from '../../bpf/report/explanation.ts';
import type { FilterReport } from '../../bpf/report/filter-report.ts';
import { printable } from '../../lib/printable.ts';

/** What `filter` prints of one program. */
export type FilterRecord = {
  readonly id: string;
  readonly instructions: number;
  readonly socket?: SsSocket;
  readonly elapsedMs: number;
} & Partial<Explanation> &
  (
    | ({ readonly loads: true } & FilterReport)
    | {
        readonly loads: false;
        readonly link: Link;
        readonly refusal: string;
        readonly verdict: 'invalid';
        readonly sentence: string;
      }
  );

/** The record for people: what it is and why first, proof and instructions after it. */
export function reportText(
  record: FilterRecord,
  { artifact, line }: { readonly artifact: string; readonly line: number },
): string {
  const { id, link, instructions, socket, sentence, disassembly = [], flow } = record;
  const holders = socket?.holders.map(({ comm, pid }) => `${comm} (pid ${pid})`) ?? [];
  const lines = [
    `${id}: ${instructions} ${instructions === 1 ? 'instruction' : 'instructions'}, link ${link}, ${artifact} line ${line}`,
    ...(record.loads ? [`  ${verdictText(record)}`] : []),
    ...(holders.length > 0 ? [`  held by ${holders.join(', ')}`] : []),
    `  ${sentence}`,
    ...(record.loads && record.expression !== null ? [`  expression   ${record.expression}`] : []),
    ...(record.loads ? proofLines(record) : []),
    ...disassembly.map((text) => `    ${text}`),
    ...(flow === undefined ? [] : flow.split('\n').map((text) => `    ${text}`)),
  ];
  return `${lines.map(printable).join('\n')}\n\n`;
}

function verdictText({ verdict, class: purpose, reasons }: FilterReport): string {
  return `${verdict}${purpose === undefined ? '' : ` (${purpose})`}: ${reasons.join('; ')}`;
}

function proofLines({ witness, twin }: FilterReport): string[] {
  const env = (values: object | undefined) => (values === undefined ? '' : ` with ${JSON.stringify(values)}`);
  return [
    ...(witness === null ? [] : [`  let through  ${witness.packet}${env(witness.env)}`]),
    ...(twin === null ? [] : [`  turned down  the same with another ${twin.changed}`]),
  ];
}
