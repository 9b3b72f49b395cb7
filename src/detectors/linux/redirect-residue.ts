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
import { isLoopback } from './addresses.ts';

type FlowRow = Observation<'conntrack_flow'>;
type RuleRow = Observation<'firewall_rule'>;

/**
 * A flow whose answer comes from another port than it was sent to, and no rule says so now. The rule was taken away and the
 * kernel still remembers what it did: BPFDoor deletes its redirect as soon as its session stands.
 */
export const redirectResidue = defineDetector({
  id: 'linux/redirect-residue',
  title: 'Flow that was redirected by a rule that is gone',
  level: 'medium',
  status: 'experimental',
  attack: ['T1205', 'T1070'],
  needs: ['conntrack_flow', 'firewall_rule'],
  uses: [...HOST_KINDS, ...HOST_USES],
  judges: 'conntrack_flow',
  identity: ['the port that it was for', 'whether the answer comes from this host'],
  falsePositives: [
    'Rules that were changed or reloaded while flows lived on; a balancer of the kernel (IPVS) or of an eBPF program, which keep no rules.',
  ],
  next: [
    'see the flow and the rules again: conntrack -L, or /proc/net/nf_conntrack; nft list ruleset; iptables-save -c',
    'see who holds the port: ss -tanp',
    'search the audit log for iptables and nft that were run: ausearch -x iptables',
  ],
  *detect(facts) {
    const view = viewOf(facts);
    const rules = [...facts.each('firewall_rule')].filter(
      ({ rule }) => rule.action === 'redirect' || rule.action === 'dnat',
    );
    for (const row of facts.each('conntrack_flow')) {
      const found = judge(view, facts, row, rules);
      if (found !== undefined) yield found;
    }
  },
});

function judge(
  view: HostView,
  facts: Facts<HostKind | 'firewall_rule'>,
  row: FlowRow,
  rules: readonly RuleRow[],
): Detection | undefined {
  const { protocol, original, reply, netns } = row.flow;
  if (original.dst === reply.src && original.dstPort === reply.srcPort) return undefined;
  if (rules.some(({ rule }) => explains(rule, row))) return undefined;
  const known = facts.isWhole('firewall_rule');
  const flow = { src: original.src, srcPort: original.srcPort, dst: original.dst, dstPort: original.dstPort, protocol };
  const told = `${protocol} from ${original.src} to ${original.dst} port ${original.dstPort ?? '?'}`;
  const text = `${told}; the answer is expected from ${reply.src} port ${reply.srcPort ?? '?'}`;
  if (!isHere(view, row) || reply.srcPort === undefined || original.dstPort === undefined) {
    if (!known) return undefined;
    return {
      level: 'informational',
      message: `${told} is answered by ${reply.src} port ${reply.srcPort ?? '?'}, and no rule says so now`,
      subject: { flow },
      identity: ['elsewhere', protocol, String(original.dstPort)],
      evidence: [{ observation: row, text }],
    };
  }
  const { listening, all } = socketsAt(view, netns, protocol, reply.srcPort);
  const owner = ownerOf(view, listening.length > 0 ? listening : all);
  const robbed = ownerOf(view, socketsAt(view, netns, protocol, original.dstPort).listening);
  const isTaken = robbed.is !== 'nobody' && robbed.holder !== owner.holder;
  return {
    level: levelOf(owner, isTaken, known),
    message: `${told} is answered from local port ${reply.srcPort}, ${wordsOfOwner(owner)}; ${known ? 'no rule says so now' : 'the rules were not seen'}`,
    subject: { ...subjectOfOwner(owner), port: reply.srcPort, flow },
    identity: ['here', protocol, String(original.dstPort)],
    evidence: [
      { observation: row, text },
      ...shownOwner(owner, 'answers it'),
      ...(isTaken ? shownOwner(robbed, 'serves the port that it was for') : []),
      ...(isOfBpfDoor(reply.srcPort)
        ? [{ observation: row, text: `port ${reply.srcPort} lies in the range 42391-43390, in which BPFDoor listens` }]
        : []),
    ],
  };
}

function levelOf({ is }: PortOwner, isTaken: boolean, rulesKnown: boolean): Level {
  if (is === 'foreign') return rulesKnown ? 'high' : 'medium';
  if (!rulesKnown || (is === 'vouched' && !isTaken)) return 'low';
  return 'medium';
}

/** Whether a rule of the same namespace would still do this; one that does not say where it leads, as with maps of nft, may. */
function explains({ netns, toPort, toAddress }: RuleRow['rule'], { flow }: FlowRow): boolean {
  if (!isUnseen(netns) && !isUnseen(flow.netns) && netns !== flow.netns) return false;
  return (
    (toPort === undefined || toPort === flow.reply.srcPort) && (toAddress === undefined || toAddress === flow.reply.src)
  );
}

/** Whether the answer comes from this host: the address is the same, or one of its own. */
function isHere(view: HostView, { flow: { original, reply, netns } }: FlowRow): boolean {
  return original.dst === reply.src || isLoopback(reply.src) || isOwnAddress(view, netns, reply.src);
}
