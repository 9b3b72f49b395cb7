import { expect, it } from 'vitest';
import { emptyFrames } from './frames.ts';
import { LinksSeen } from './links-seen.ts';

it.each([
  [[], []],
  [[1], [[1, 1]]],
  [
    [1, 1, 113, 1, 228, 228],
    [
      [1, 3],
      [113, 1],
      [228, 2],
    ],
  ],
])('counts the frames of %j', (links, counts) => {
  const frames = emptyFrames();
  frames.link.set(links);
  frames.count = links.length;
  const seen = new LinksSeen();
  seen.add(frames);

  expect([...seen.frames]).toEqual(counts);
});
