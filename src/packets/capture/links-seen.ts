import type { Frames } from './frames.ts';

/** Which link types the frames of a capture have, and how many frames each. */
export class LinksSeen {
  readonly frames = new Map<number, number>();

  add({ link, count }: Frames): void {
    let from = 0;
    for (let index = 1; index <= count; index++) {
      if (index < count && link[index] === link[from]) continue;
      this.frames.set(link[from]!, (this.frames.get(link[from]!) ?? 0) + index - from);
      from = index;
    }
  }
}
