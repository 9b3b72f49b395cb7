import type { Sight } from '../../packets/flows/sight.ts';
import { P } from '../../packets/dissect/protocols.ts';
import type { Moment } from '../moment.ts';
import { saysName, speechOf, SPEECH, type Speech } from './speech.ts';

/** What the two sides of each open flow speak, in places of the flow's number. */
export class Conversations {
  #forward = new Uint8Array(1024);
  #back = new Uint8Array(1024);
  #named = new Uint8Array(1024);
  #settled = new Uint8Array(1024);
  #at = new Float64Array(1024);

  /** Takes what is new in a packet of TCP or UDP. */
  hear(sight: Sight): void {
    const { flow } = sight;
    if (sight.fresh) this.#begin(flow, sight);
    if (sight.payload >= sight.end) return;
    const side = sight.forward ? this.#forward : this.#back;
    if (side[flow] !== SPEECH.none) return;
    const { bytes, payload, end } = sight;
    const speech = speechOf(sight.protocol === P.tcp, bytes, payload, end);
    side[flow] = speech;
    if (sight.forward && saysName(speech, bytes, payload, end)) this.#named[flow] = 1;
  }

  /** What the one who began speaks, and the other one. */
  forward(flow: number): Speech {
    return this.#forward[flow] as Speech;
  }

  back(flow: number): Speech {
    return this.#back[flow] as Speech;
  }

  /** Whether the one who began named the other side. */
  named(flow: number): boolean {
    return this.#named[flow] === 1;
  }

  /** Whether both sides have spoken. */
  spoken(flow: number): boolean {
    return this.#forward[flow] !== SPEECH.none && this.#back[flow] !== SPEECH.none;
  }

  /** Whether nobody needs to look at the flow's packets any more, and that it is so. */
  isSettled(flow: number): boolean {
    return this.#settled[flow] === 1;
  }

  settle(flow: number): void {
    this.#settled[flow] = 1;
  }

  /** Where a flow's first frame begins, with what its columns say of it. */
  first(flow: number, frame: number, micros: number): Moment {
    return { frame, offset: this.#at[flow]!, micros };
  }

  #begin(flow: number, sight: Sight): void {
    while (flow >= this.#forward.length) this.#grow();
    this.#forward[flow] = this.#back[flow] = SPEECH.none;
    this.#named[flow] = this.#settled[flow] = 0;
    this.#at[flow] = sight.at;
  }

  #grow(): void {
    const room = 2 * this.#forward.length;
    const [forward, back, named, settled] = [this.#forward, this.#back, this.#named, this.#settled].map((column) => {
      const wider = new Uint8Array(room);
      wider.set(column);
      return wider;
    }) as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
    const at = new Float64Array(room);
    at.set(this.#at);
    [this.#forward, this.#back, this.#named, this.#settled, this.#at] = [forward, back, named, settled, at];
  }
}
