/** Which programs let which packets through: pairs of a packet's place and a program's number, in arrays that are used again. */
export class Matches {
  count = 0;
  packet = new Int32Array(1024);
  program = new Int32Array(1024);
  /** Where the pairs of the packet at hand begin. */
  #open = 0;

  clear(): void {
    this.count = 0;
    this.#open = 0;
  }

  /** Adds a pair. Packets come in order; the programs of one are put in order, too. */
  add(packet: number, program: number): void {
    const { count } = this;
    if (count === this.packet.length) {
      this.packet = larger(this.packet);
      this.program = larger(this.program);
    }
    if (count > 0 && this.packet[count - 1] !== packet) this.#open = count;
    let at = count;
    for (; at > this.#open && this.program[at - 1]! > program; at--) this.program[at] = this.program[at - 1]!;
    this.packet[count] = packet;
    this.program[at] = program;
    this.count = count + 1;
  }
}

function larger(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(2 * array.length);
  copy.set(array);
  return copy;
}
