import type { EbpfDescription } from '../../bpf/ebpf/describe.ts';
import type { Link } from '../../bpf/link.ts';
import type { Explanation } from '../../bpf/report/explanation.ts';
import type { FilterReport } from '../../bpf/report/filter-report.ts';
import type { SsSocket } from '../../bpf/ss-socket.ts';

/** What is said of every program, whatever it is. */
interface Head {
  readonly id: string;
  readonly instructions: number;
  readonly socket?: SsSocket;
  readonly elapsedMs: number;
}

/** A program that Linux takes. */
export type JudgedRecord = Head & Partial<Explanation> & { readonly loads: true } & FilterReport;

/** A program that Linux refuses. */
export type RefusedRecord = Head &
  Partial<Pick<Explanation, 'disassembly'>> & {
    readonly loads: false;
    readonly link: Link;
    readonly refusal: string;
    readonly verdict: 'invalid';
    readonly sentence: string;
  };

/** An eBPF program, which is described and not followed. */
export interface EbpfRecord {
  readonly id: string;
  readonly loads: true;
  readonly verdict: 'ambiguous';
  readonly sentence: string;
  readonly exact: false;
  readonly ebpf: EbpfDescription;
}

/** What `filter` says of one program. */
export type FilterRecord = JudgedRecord | RefusedRecord | EbpfRecord;

/** A record, and where its program was read. */
export interface Placed {
  readonly record: FilterRecord;
  readonly artifact: string;
  /** Counted from 1. */
  readonly line: number;
}
