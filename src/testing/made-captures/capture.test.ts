import { describe, expect, it } from 'vitest';
import { rulebook } from '../../app/rulebook.ts';
import { atLeast } from '../../model/level.ts';
import { needsShared } from '../tools.ts';
import { backgrounds } from './background.ts';
import { judgeStory } from './capture.ts';
import { families } from './families.ts';
import { innocents } from './innocents/index.ts';
import { World } from './world.ts';

const detectors = (await rulebook([])).filter(({ needs }) => needs.includes('network_event'));
const corpus = needsShared('corpus/pcap');
const cases = Object.entries(families).flatMap(([name, family]) => [1, 2].map((seed) => [name, seed, family] as const));

/** How a story lies on the wire differs from seed to seed. */
function worldOf(seed: number, onEthernet: boolean): World {
  const wraps = ['ethernet', 'vlan', 'gre', 'qinq', 'gtp'];
  return new World(seed, {
    wrap: onEthernet ? 'ethernet' : wraps[seed % wraps.length]!,
    version: seed % 3 === 2 ? 6 : 4,
  });
}

it('makes the same of the same seed', () => {
  const made = () => families['udpMagic']!.story(worldOf(3, false), false);

  expect(made()).toEqual(made());
});

describe.skipIf(corpus.missing)(`made captures ${corpus.label}`, () => {
  const behind = corpus.missing ? undefined : backgrounds(corpus.path);

  it.each(cases)(
    'finds %s, seed %i, and nothing of its twin',
    async (_, seed, { story, level, onEthernet = false }) => {
      const background = await behind!(seed);
      const incident = await judgeStory(story(worldOf(seed, onEthernet), false), background, detectors);
      const twin = await judgeStory(story(worldOf(seed, onEthernet), true), background, detectors);
      const reached = (own: typeof twin.own) => own.some(([found]) => atLeast(found, level));

      expect([reached(incident.own), reached(twin.own), twin.high]).toEqual([true, false, []]);
    },
  );
});

it.each(Object.entries(innocents))('raises no alarm of %s', async (_, story) => {
  for (const seed of [0, 1]) expect((await judgeStory(story(worldOf(seed, true)), [], detectors)).high).toEqual([]);
});
