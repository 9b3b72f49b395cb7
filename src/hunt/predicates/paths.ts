import { CORE } from '../../packets/dissect/core.ts';
import { Dissector } from '../../packets/dissect/dissector.ts';
import { PROTOCOL_NAMES } from '../../packets/dissect/protocols.ts';
import type { Frames } from '../../packets/capture/frames.ts';

interface Step {
  readonly number: number;
  readonly below: Map<number, Step>;
}

/** Numbers for the paths of frames, such as `eth/ip/udp`: those that a capture has are few. */
export class Paths {
  readonly #texts: string[] = [''];
  readonly #top = new Map<number, Step>();

  /** Number of the path of a frame that was taken apart. */
  of(layers: Dissector): number {
    let below = this.#top;
    let number = 0;
    for (let index = 0; index < layers.count; index++) {
      const protocol = layers.protocol[index]!;
      let step = below.get(protocol);
      if (step === undefined) {
        const before = number === 0 ? '' : `${this.#texts[number]}/`;
        step = { number: this.#texts.length, below: new Map() };
        this.#texts.push(`${before}${PROTOCOL_NAMES[protocol] ?? ''}`);
        below.set(protocol, step);
      }
      ({ number, below } = step);
    }
    return number;
  }

  text(number: number): string {
    return this.#texts[number] ?? '';
  }
}

/** Reads single frames without regard to others: a fragment is what it is, wherever the reading began. */
export function singleReader(): Dissector {
  const layers = new Dissector(CORE);
  layers.fragments.add = () => undefined;
  return layers;
}

/** Takes one of several frames apart. */
export function dissectFrame(layers: Dissector, frames: Frames, index: number): void {
  const start = frames.start[index]!;
  layers.frame = frames.first + index;
  layers.micros = frames.micros[index]!;
  layers.dissect(frames.link[index]!, frames.bytes, start, start + frames.captured[index]!);
}
