import { concat, utf8 } from '../../lib/bytes.ts';
import { sha256 } from '../../lib/hash.ts';
import type { Origin } from '../../model/artifact.ts';
import { add, memberOf, type Image } from './image.ts';

/** An artifact in the making, of lines of many files, that keeps for each line where it stands in its file. */
export class Gathered {
  readonly #image: Image;
  readonly #parts: Uint8Array[] = [];
  readonly #origins: Origin[] = [];
  #sizeBytes = 0;
  #lines = 0;
  #last: { readonly path: string; readonly sha256: string; readonly number: number } | undefined;

  constructor(image: Image) {
    this.#image = image;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /**
   * @param line Without the line feed, such as `PATH:TEXT`.
   * @param path The file, without links.
   * @param original Its content.
   * @param number The line of the file, from 1; lines of one file come behind one another.
   */
  add(line: string, path: string, original: Uint8Array, number: number): void {
    const known = this.#last?.path === path ? this.#last : undefined;
    if (this.#image.collected !== undefined) {
      const digest = known?.sha256 ?? sha256(original);
      if (known?.number !== number - 1)
        this.#origins.push({
          name: memberOf(this.#image, path),
          sha256: digest,
          offset: this.#sizeBytes,
          line: this.#lines + 1,
          originalLine: number,
        });
      this.#last = { path, sha256: digest, number };
    }
    const bytes = utf8(`${line}\n`);
    this.#parts.push(bytes);
    this.#sizeBytes += bytes.length;
    this.#lines += 1;
  }

  /** Makes the artifact of it. */
  into(name: string, cut = false): void {
    add(this.#image, name, concat(this.#parts), { cut, origins: this.#origins });
  }
}
