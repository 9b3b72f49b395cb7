import { defineDetector, type Detection, type Facts } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import type { Observation } from '../../model/observation.ts';
import { isUnseen } from '../../model/unseen.ts';
import { HOST_KINDS, HOST_USES, viewOf, type HostKind, type HostView } from './host-view.ts';
import {
  isOfBpfDoor,
  isOwnAddress,
  ownerOf,
  shownOwner,
  socketsAt,
  subjectOfOwner,
  wordsOfOwner,
  type PortOwner,
} from './port-owner.ts';
import { breadthOf, isLoopback, type Breadth } from './addresses.ts';

type RuleRow = Observation<'firewall_rule'>;

/**
 * A rule that sends packets for one port to another port of this host. BPFDoor opens its shell so: for the address of its
 * operator alone, port 22 leads to a listener of its own, and everybody else meets the real daemon.
 */
export const redirectedPort = defineDetector({
  id: 'linux/redirected-port',
  title: 'Port that a rule leads elsewhere for a few addresses',
  level: 'medium',
  status: 'experimental',
  attack: ['T1205', 'T1562.004'],
  needs: ['firewall_rule'],
  uses: [...HOST_KINDS, ...HOST_USES],
  judges: 'firewall_rule',
  identity: ['the addresses', 'the port'],
  falsePositives: [
    'A detour that an administrator set up for a test, or for a load balancer of one address.',
    'Proxies and containers redirect for everybody, which is told only where nothing explains who answers.',
  ],
  next: [
    'list the rules with their counters: iptables-save -c; nft list ruleset',
    'list who listens and who is connected there: ss -tanp',
    'see which flows it caught: conntrack -L, or /proc/net/nf_conntrack',
  ],
  *detect(facts) {
    const view = viewOf(facts);
    for (const row of facts.each('firewall_rule')) {
      const found = judge(view, facts, row);
      if (found !== undefined) yield found;
    }
  },
});

function judge(view: HostView, facts: Facts<HostKind | 'firewall_rule'>, row: RuleRow): Detection | undefined {
  const { rule } = row;
  const { toPort, protocol, ports, sources } = rule;
  if ((rule.action !== 'redirect' && rule.action !== 'dnat') || toPort === undefined) return undefined;
  if (!leadsHere(view, rule) || ports.some(([from, to]) => from <= toPort && toPort <= to)) return undefined;
  const owner = ownerOf(view, socketsAt(view, rule.netns, protocol, toPort).listening);
  const robbed = robbedOwner(view, rule, owner);
  // Where sockets were not seen, a port below 1024 is taken for served: that is what such ports are for.
  const taken = robbed !== undefined || (!facts.isWhole('inet_socket') && ports.some(([from]) => from < PRIVILEGED));
  const level = levelOf(breadthOf(sources), owner, taken);
  if (level === undefined) return undefined;
  const whose = sources.length === 0 ? 'packets of everybody' : `packets of ${sources.slice(0, 4).join(', ')}`;
  const which = `${protocol ?? 'any protocol'} ${ports.length === 0 ? 'to any port' : `port ${ports.slice(0, 4).map(wordsOfPorts).join(', ')}`}`;
  const from = robbed?.holder ? `, which ${robbed.holder.process.comm} serves for the others,` : '';
  return {
    level,
    message: `${whose} for ${which}${from} are led to local port ${toPort}, ${wordsOfOwner(owner)}`,
    subject: { ...subjectOfOwner(owner), port: toPort },
    identity: [protocol ?? '', sources.join(','), ports.flat().join(',')],
    evidence: [
      { observation: row, text: `${rule.family} ${rule.table} ${rule.chain}: ${rule.text}`.slice(0, 400) },
      ...shownOwner(owner, 'answers there'),
      ...(robbed ? shownOwner(robbed, 'serves the port for the others') : []),
      ...(isOfBpfDoor(toPort)
        ? [{ observation: row, text: `port ${toPort} lies in the range 42391-43390, in which BPFDoor listens` }]
        : []),
    ],
  };
}

const PRIVILEGED = 1024;

function levelOf(breadth: Breadth, { is }: PortOwner, taken: boolean): Level | undefined {
  if (breadth === 'one') {
    if (is === 'foreign') return 'high';
    if (is === 'vouched') return taken ? 'low' : undefined;
    return taken ? 'medium' : 'low';
  }
  if (is === 'foreign') return breadth === 'some' ? 'medium' : 'low';
  return breadth === 'some' && is === 'nobody' && taken ? 'low' : undefined;
}

function leadsHere(view: HostView, { action, toAddress, netns }: RuleRow['rule']): boolean {
  if (action === 'redirect' || toAddress === undefined || isLoopback(toAddress)) return true;
  return !isUnseen(netns) && isOwnAddress(view, netns, toAddress);
}

/** Who serves the original port, where that is another process than the one to which packets are led. */
function robbedOwner(
  view: HostView,
  { netns, protocol, ports }: RuleRow['rule'],
  to: PortOwner,
): PortOwner | undefined {
  for (const [from, upTo] of ports) {
    // A range is no port of a daemon; its ends are looked at all the same.
    for (const port of new Set([from, upTo])) {
      const owner = ownerOf(view, socketsAt(view, netns, protocol, port).listening);
      if (owner.is !== 'nobody' && (to.holder === undefined || owner.holder !== to.holder)) return owner;
    }
  }
  return undefined;
}

const wordsOfPorts = ([from, to]: readonly [number, number]): string => (from === to ? String(from) : `${from}-${to}`);
