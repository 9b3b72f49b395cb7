import type { Scene } from '../watcher.ts';
import { candidateOf } from './story.ts';
import { names, namesItsSender, needleOf, type Trigger } from './trigger.ts';

const MOST = 10_000;

/** Tells of triggers that nothing followed: only of those that say by themselves what they are, once for a pair of hosts. */
export class Candidates {
  readonly #scene: Scene;
  readonly #told = new Set<number>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  readonly onExpired = (trigger: Trigger): void => {
    const { kind, known, bytes, sender, target, told } = trigger;
    if (told || known === undefined || kind === 'syn') return;
    const { addresses } = this.#scene;
    if (!namesItsSender(bytes) && !names(bytes, needleOf(addresses.bytesOf(sender), addresses.text(sender)))) return;
    const pair = sender * 2 ** 20 + target;
    if (this.#told.has(pair) || this.#told.size >= MOST) return;
    this.#told.add(pair);
    this.#scene.tell(candidateOf(this.#scene, trigger));
  };
}
