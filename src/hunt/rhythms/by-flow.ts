/** What is remembered of some of the open flows, in places of their numbers: to ask costs as much as to read an array. */
export class ByFlow<T> {
  readonly #values: (T | undefined)[] = [];
  size = 0;

  get(flow: number): T | undefined {
    return this.#values[flow];
  }

  set(flow: number, value: T): void {
    while (this.#values.length <= flow) this.#values.push(undefined);
    if (this.#values[flow] === undefined) this.size += 1;
    this.#values[flow] = value;
  }

  delete(flow: number): void {
    if (this.#values[flow] === undefined) return;
    this.#values[flow] = undefined;
    this.size -= 1;
  }
}
