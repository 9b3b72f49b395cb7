import type { OddityKind } from '../oddity.ts';

export const diameterKinds: readonly OddityKind[] = [
  {
    name: 'diameter-origin-at-odds',
    meaning:
      'A request names another sender than the peer that the link is with, which passed none on before, and no path that it took.',
    gsma: 'FS.19',
  },
  {
    name: 'diameter-realm-at-odds',
    meaning: 'The name of the sender is not of the realm that the sender says it is of.',
    gsma: 'FS.19',
  },
  {
    name: 'diameter-new-origin',
    meaning: 'A request from a host that never spoke over this link, after a quiet past.',
    gsma: 'FS.19',
  },
  {
    name: 'diameter-new-realm',
    meaning: 'A request about subscribers from a network that never asked this node.',
    gsma: 'FS.19',
  },
  {
    name: 'diameter-route-loop',
    meaning: 'A request that has passed the same node twice, by its own account.',
    gsma: 'FS.19',
  },
  {
    name: 'diameter-application-not-announced',
    meaning: 'A request of an application that neither side announced when the link was made.',
    gsma: 'FS.19 category 1',
  },
  {
    name: 'diameter-no-capabilities',
    meaning: 'A request over a link that was opened and whose sides never presented themselves.',
    gsma: 'FS.19',
  },
  {
    name: 'diameter-identifier-again',
    meaning: 'The identifier of a request that is not yet answered is used for another.',
    gsma: 'FS.19',
  },
  {
    name: 'diameter-not-home',
    meaning:
      'An operation that only the home network of a subscriber sends, from another network: it changes, cancels or resets what is not its own.',
    gsma: 'FS.19 category 2',
  },
  {
    name: 'diameter-subscriber-burst',
    meaning:
      'Within a minute one host changes, cancels or resets the data of twenty subscribers, which only their home network does.',
    gsma: 'FS.19 category 2',
  },
  {
    name: 'diameter-key-burst',
    meaning: 'Within a minute one host asks for the keys of a hundred subscribers.',
    gsma: 'FS.19 category 3',
  },
  {
    name: 'diameter-subscriber-scan',
    meaning: 'Within a minute one host asks for twenty subscribers of whom none exists: it tries which do.',
    gsma: 'FS.19',
  },
];
