import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sharedPath } from '../../testing/shared.ts';
import { eventsOf } from '../../testing/watched.ts';
import { watchers } from '../watchers/index.ts';

interface Made {
  readonly file: string;
  readonly family: string;
  readonly kind: 'incident' | 'near-miss' | 'background';
  readonly expected: { readonly trigger: readonly number[] } | null;
  readonly frames?: readonly number[];
}

/** Families whose incident is a rhythm or a conversation, and the event that it is told as. */
const FAMILIES: Readonly<Record<string, string>> = {
  beacon: 'beacon',
  'shell-rhythm': 'shell-rhythm',
  'icmp-shell': 'icmp-shell',
  'sctp-new-peer': 'first-seen-peer',
  'signalling-tls': 'signalling-node-outward',
};

const folder = sharedPath('corpus', 'pcap-made');
const made =
  folder === undefined
    ? []
    : (JSON.parse(readFileSync(join(folder, 'MANIFEST.json'), 'utf8')) as { files: Made[] }).files;
const ours = made.filter(({ family }) => family in FAMILIES);

it.skipIf(ours.length === 0)(
  'finds made-up incidents by their frames, and nothing on those of their twins',
  async () => {
    const found: Record<string, boolean> = {};
    for (const { file, family, expected, frames } of ours) {
      const wanted = new Set(expected?.trigger ?? frames);
      const events = await eventsOf(watchers, readFileSync(join(folder!, file)));
      found[file] = events.some(
        (event) => event.name === FAMILIES[family] && event.frames.some(({ frame }) => wanted.has(frame)),
      );
    }

    expect(found).toEqual(Object.fromEntries(ours.map(({ file, kind }) => [file, kind === 'incident'])));
  },
);
