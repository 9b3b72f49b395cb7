import type { Artifact } from '../model/artifact.ts';
import { artifactOf as artifactOfBytes } from '../snapshot/stream.ts';

/** An artifact of a test. Text becomes UTF-8. */
export function artifactOf(name: string, content: string | Uint8Array): Artifact {
  return artifactOfBytes(name, typeof content === 'string' ? new TextEncoder().encode(content) : content);
}

/** All that a stream gives, in order. */
export async function collect<T>(items: Iterable<T> | AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
