// How long a filter takes from its bytes to a full report, and how many packets a second the machine runs.
// node bench/filter.ts
import { decodeClassicBpf } from '../src/bpf/decode.ts';
import { encodeClassicBpf } from '../src/bpf/encode.ts';
import { reportOn } from '../src/bpf/report/filter-report.ts';
import { machineOf, run } from '../src/bpf/run.ts';
import { fromHex } from '../src/lib/bytes.ts';
import { bpfCorpus, type CorpusEntry } from '../src/testing/bpf-corpus.ts';

const ROUNDS = 5;
const PACKETS = 5_000_000;

const corpus = bpfCorpus();
if (corpus === undefined) {
  process.stderr.write('the filter corpus is not beside this checkout\n');
  process.exitCode = 2;
} else {
  process.stdout.write(`${JSON.stringify(analysis(corpus))}\n`);
  for (const figures of machine(corpus)) process.stdout.write(`${JSON.stringify(figures)}\n`);
}

/** Milliseconds a program from bytes to report; of some rounds the best one, for others use the machine too. */
function analysis(entries: readonly CorpusEntry[]) {
  const firstPass = entries.map(timeOf).reduce((sum, time) => sum + time, 0);
  const times = entries
    .map((entry) => Math.min(...Array.from({ length: ROUNDS }, () => timeOf(entry))))
    .sort((a, b) => a - b);
  const at = (share: number) => Number((times[Math.floor(share * (times.length - 1))] ?? NaN).toFixed(4));
  return {
    programs: times.length,
    medianMs: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    firstPassMeanMs: Number((firstPass / entries.length).toFixed(4)),
  };
}

function timeOf({ program, link }: CorpusEntry): number {
  const bytes = encodeClassicBpf(program, 'le');
  const start = performance.now();
  const decoded = decodeClassicBpf(bytes, 'le');
  reportOn(decoded, { link });
  return performance.now() - start;
}

/** Packets a second, for programs of some lengths over their own accepted and rejected packets. */
function machine(entries: readonly CorpusEntry[]) {
  return entries
    .filter(({ file, kernelLoads, accept, reject }) => file === 'malicious' && kernelLoads && accept && reject)
    .map(({ name, program, accept, reject }) => {
      const packets = [accept, reject].map((one) => fromHex(one?.packet ?? '') ?? new Uint8Array());
      const ready = machineOf(program);
      const start = performance.now();
      let accepted = 0;
      for (let count = 0; count < PACKETS; count++) {
        const packet = packets[count & 1];
        if (packet !== undefined && run(ready, packet) > 0) accepted++;
      }
      const seconds = (performance.now() - start) / 1000;
      return { name, instructions: program.length, accepted, packetsPerSecond: Math.round(PACKETS / seconds) };
    });
}
