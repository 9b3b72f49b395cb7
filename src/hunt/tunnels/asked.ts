/** So many requests may wait for their answers at once, as of a ping whose interval is shorter than the way. */
const WAITING = 4;
const NONE = 0;

/** What was asked last on each flow, by its number: the last few contents, and whose the last request was. */
export class Asked {
  #numbers = new Int32Array(1024);
  #contents = new Int32Array(1024 * WAITING);
  #turns = new Uint8Array(1024);
  /** 1 while a request of who began waits for its answer, 2 while one of the other side does. */
  #open = new Uint8Array(1024);

  begin(flow: number): void {
    while (flow >= this.#numbers.length) this.#grow();
    this.#numbers[flow] = -1;
    this.#turns[flow] = this.#open[flow] = NONE;
    this.#contents.fill(0, flow * WAITING, (flow + 1) * WAITING);
  }

  ask(flow: number, forward: boolean, number: number, content: number): void {
    this.#numbers[flow] = number;
    this.#contents[flow * WAITING + this.#turns[flow]!] = content;
    this.#turns[flow] = (this.#turns[flow]! + 1) % WAITING;
    this.#open[flow] = forward ? 1 : 2;
  }

  answer(flow: number): void {
    this.#open[flow] = NONE;
  }

  /** The number of the last request, or -1. */
  number(flow: number): number {
    return this.#numbers[flow]!;
  }

  /** Whether one of the last requests said the same. */
  says(flow: number, content: number): boolean {
    for (let at = flow * WAITING; at < (flow + 1) * WAITING; at++) if (this.#contents[at] === content) return true;
    return false;
  }

  /** Whether a request of the other side waits for its answer. */
  crosses(flow: number, forward: boolean): boolean {
    return this.#open[flow] === (forward ? 2 : 1);
  }

  #grow(): void {
    const room = 2 * this.#numbers.length;
    const [numbers, contents] = [new Int32Array(room), new Int32Array(room * WAITING)];
    numbers.set(this.#numbers);
    contents.set(this.#contents);
    const [turns, open] = [new Uint8Array(room), new Uint8Array(room)];
    turns.set(this.#turns);
    open.set(this.#open);
    [this.#numbers, this.#contents, this.#turns, this.#open] = [numbers, contents, turns, open];
  }
}
