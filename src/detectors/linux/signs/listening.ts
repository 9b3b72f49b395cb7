import { named } from '../../../bpf/families/named.ts';
import { chosenByPeers } from '../../../bpf/judge/explained.ts';
import { judge } from '../../../bpf/judge/judge.ts';
import type { Magic } from '../../../bpf/judge/secrets.ts';
import { analyse, type Analysis } from '../../../bpf/meaning/analysis.ts';
import { selectsIpTraffic, wantedPorts, type WantedPort } from '../../../bpf/meaning/ports.ts';
import { wordsOfFact } from '../../../bpf/meaning/sentence.ts';
import { instructionsOf } from '../../../bpf/row.ts';
import { inetSocketView, packetSocketView } from '../../../bpf/socket-view.ts';
import { etherTypeText } from '../../../packets/ether-type.ts';
import { disassemble } from '../../../bpf/disassemble.ts';
import type { Shown } from '../../../model/detector.ts';
import type { Observation } from '../../../model/observation.ts';
import { isUnseen } from '../../../model/unseen.ts';
import type { HostView } from '../host-view.ts';
import { isUnderOwnName } from '../claim.ts';
import { isOfAService, isVouchedFor } from '../trust.ts';
import { foreignPorts, isServed, serverOf } from './ports.ts';
import type { Blind, Sign } from './sign.ts';

type Listening = Observation<'packet_socket'> | Observation<'inet_socket'>;

const SOCK_RAW = 3;

const ETHER_TYPES = new Map([
  [0x0003, 'every frame'],
  [0x0800, 'IPv4'],
  [0x86dd, 'IPv6'],
]);
const TRANSPORTS: ReadonlySet<number> = new Set([6, 17, 132]);
const CARRIERS = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [132, 'sctp'],
  [58, 'icmpv6'],
]);

/** Ears without a port: packet and raw sockets, and what their filters wait for. The heaviest of several counts. */
export function* listening(view: HostView, row: Observation<'process'>): Generator<Sign | Blind> {
  const { socketInodes } = row.process;
  if (isUnseen(socketInodes))
    return void (yield { blind: 'process.socketInodes', hides: ['listening', 'session'], observation: row });
  const most = isVouchedFor(view, row) ? (isOfAService(view, row) ? 0.5 : 1) : Infinity;
  for (const inode of socketInodes) {
    const packet = view.packetSockets.get(inode);
    const inet = view.inetSockets.get(inode);
    const ear = packet ?? (inet?.socket.protocol === 'raw' ? inet : undefined);
    const filter = view.filters.get(inode);
    if (ear === undefined) {
      // A filter on an ordinary UDP socket that passes all it is given anyway is nobody's business.
      if (inet && filter?.filter.type === 'ebpf') yield* ebpf(view, inet, filter, most);
      if (inet && filter?.filter.type === 'classic' && waitsForSecret(inet, filter))
        yield* judgeEar(view, row, inet, filter, most);
      continue;
    }
    if (filter === undefined) yield { blind: 'the filter of a socket', hides: ['listening'], observation: row };
    yield* judgeEar(view, row, ear, filter, most);
  }
}

/** On a socket with a port a filter is nothing odd; one that waits for a secret is. */
function waitsForSecret({ socket }: Observation<'inet_socket'>, { filter }: Observation<'socket_filter'>): boolean {
  if (filter.type !== 'classic') return false;
  const { verdict, magic, relations } = judge(analyse(instructionsOf(filter.instructions), inetSocketView(socket)));
  return verdict === 'trigger' && (magic.length > 0 || relations.length > 0);
}

function* judgeEar(
  view: HostView,
  row: Observation<'process'>,
  ear: Listening,
  filter: Observation<'socket_filter'> | undefined,
  most: number,
): Generator<Sign> {
  const socket = describe(ear);
  const shown: Shown[] = [{ observation: ear, text: `${socket.text}, inode ${ear.socket.inode}` }];
  const cap = (weight: number) => Math.min(weight, most);
  if (filter?.filter.type === 'ebpf') {
    yield* ebpf(view, ear, filter, most);
    return;
  }
  if (filter?.filter.type !== 'classic') {
    // Captures see everything too, and go by their name. Under another root no name is sure.
    const isPosing = row.process.sameRoot !== false && !isUnderOwnName(view, row);
    yield {
      family: 'listening',
      weight: cap(socket.broad ? (isPosing || isOfTransport(ear) ? 2 : 1.5) : 0.5),
      shown,
      attack: ['T1040', 'T1205'],
      says: `holds a ${socket.text}${filter ? ' without a filter' : ''}`,
      benign:
        'Captures, intrusion detection and probes see everything; protocol daemons hold raw sockets of their protocol.',
      next: 'ask who runs a capture or a probe on this host',
    };
    return;
  }
  const program = instructionsOf(filter.filter.instructions);
  const standpoint = ear.kind === 'packet_socket' ? packetSocketView(ear.socket) : inetSocketView(ear.socket);
  const analysis = analyse(program, standpoint);
  const judgement = named(judge(analysis), analysis);
  const content = contentOf(analysis);
  const code: Shown = {
    observation: filter,
    text: `filter of ${program.length} instructions: ${disassemble(program).slice(0, 60).join('; ').replace(/ +/g, ' ')}`,
  };
  const wanted = wantedPorts(analysis);
  const foreign = foreignPorts(view, row, ear.socket.netns, wanted);
  const selects = wanted.length > 0 ? foreign.length > 0 : selectsIpTraffic(analysis);
  const secret = [...judgement.magic.map(wordsOfMagic), ...judgement.relations];
  if (secret.length > 0) {
    const told = secret.slice(0, 3).join(', ');
    yield {
      family: 'listening',
      weight: cap(judgement.verdict === 'trigger' ? 2.5 : 2),
      attack: ['T1205.002'],
      shown: [
        ...shown,
        code,
        ...judgement.reasons.slice(0, 4).map((text) => ({ observation: filter, text })),
        ...(judgement.family === undefined ? [] : [{ observation: filter, text: judgement.family }]),
      ],
      says: `waits on a ${socket.text} for a packet with a secret that no documented protocol has (${told})`,
      benign: 'A capture of a given pattern does, and a protocol of its own that nobody has documented.',
      next: 'see what the filter accepts, and how to look for its packets: ss -0pbn >filters.txt here, longwatch filter filters.txt on your own machine',
    };
  } else if (content.length > 0) {
    yield {
      family: 'listening',
      weight: cap(judgement.verdict === 'ordinary' && !isChosenByPeers(analysis) ? 1 : 2),
      attack: ['T1205.002'],
      shown: [...shown, code, { observation: filter, text: `compares content: ${content.slice(0, 4).join(', ')}` }],
      says: `waits on a ${socket.text} for packets whose content matches its filter (${content.slice(0, 3).join(', ')})`,
      benign: 'DHCP, time and discovery daemons compare content too; so does a capture of a given pattern.',
      next: 'see what the filter accepts: ss -0pbn >filters.txt here, longwatch filter filters.txt on your own machine',
    };
  }
  if (foreign.length > 0) {
    const served = foreign
      .slice(0, 4)
      .map(
        ({ port, protocol }) =>
          `${protocol ?? 'any'} port ${port}, ${serverOf(view, ear.socket.netns, protocol, port)}`,
      );
    const unasked = isUnasked(view, row, ear.socket.netns, foreign);
    yield {
      family: 'listening',
      weight: cap(unasked ? 2.5 : 2),
      attack: ['T1205', 'T1040'],
      shown: [...shown, code],
      says: `listens at link level for ${served.join('; ')}${unasked ? ', without a word of it among its arguments; to which package it belongs is not shown' : ''}`,
      benign: 'Captures and probes take the traffic of other programs by design; their owner knows of them.',
      next: 'ask who runs a capture or a probe on this host; see what the filter accepts with longwatch filter',
    };
  }
  if (secret.length === 0 && content.length === 0 && foreign.length === 0) {
    yield {
      family: 'listening',
      weight: cap(selects ? 2 : socket.broad && wanted.length === 0 ? 1.5 : 0.5),
      shown: [...shown, code],
      attack: ['T1205.002'],
      says: `holds a ${socket.text} with a filter${selects ? ' that selects the traffic of other programs' : wanted.length > 0 ? ' for its own port' : ''}`,
      benign: 'Address, link and routing daemons do.',
      next: 'see what the filter accepts with longwatch filter',
    };
  }
}

/**
 * Whether nobody on the host serves the ports that a filter asks for, nobody asked for them among the arguments, as one does who
 * starts a capture, and no list of packages says whose program it is: then there is nothing that explains the ear.
 */
function isUnasked(
  view: HostView,
  row: Observation<'process'>,
  netns: number,
  foreign: readonly WantedPort[],
): boolean {
  const { cmdline } = row.process;
  // Where no socket of the internet families was listed, who serves a port is not known.
  if (view.packagesKnown || isUnseen(cmdline) || view.inetSockets.size === 0) return false;
  const words = new Set(cmdline.slice(1).flatMap((one) => one.split(/[^0-9]+/)));
  return foreign.every(({ port, protocol }) => !words.has(String(port)) && !isServed(view, netns, protocol, port));
}

function* ebpf(view: HostView, ear: Listening, filter: Observation<'socket_filter'>, most: number): Generator<Sign> {
  const held = new Set(view.bpfPrograms.flatMap(({ program }) => (program.pid === undefined ? [] : [program.tag])));
  const orphans = view.bpfPrograms.filter(({ program }) => program.pid === undefined && !held.has(program.tag));
  yield {
    family: 'listening',
    weight: Math.min(2, most),
    attack: ['T1205.002'],
    shown: [
      { observation: ear, text: `${describe(ear).text}, inode ${ear.socket.inode}` },
      {
        observation: filter,
        text: 'getsockopt(SO_GET_FILTER) answers EACCES: an eBPF program, which ss shows as no filter',
      },
      ...orphans.slice(0, 4).map((one) => ({
        observation: one,
        text: `eBPF program that no descriptor holds: tag ${one.program.tag} ${one.program.name}`,
      })),
    ],
    says: `has an eBPF program on a ${describe(ear).text}, where listings show no filter`,
    benign: 'Container networking and some tracers attach eBPF to sockets; they are packaged and known on the host.',
    next: 'its instructions were not read: bpftool prog show finds it by its tag, bpftool prog dump xlated id ID >program.txt keeps it, longwatch filter program.txt says what it reads',
  };
}

/** Whether a value is asked for that a peer makes up: a documented protocol has it there, and a secret would fit too. */
function isChosenByPeers({ regions }: Analysis): boolean {
  return regions.some((region) => chosenByPeers(region).length > 0);
}

const wordsOfMagic = ({ protocol, at, value, mask }: Magic): string =>
  `${protocol} ${at} = 0x${value}${mask === undefined ? '' : ` under 0x${mask}`}`;

/** What a filter compares behind the headers, in words, each once. */
function contentOf({ regions }: Analysis): readonly string[] {
  const compared = regions.flatMap(({ facts }) =>
    facts
      .filter(({ role, value }) => role === 'relation' || (role === 'payload' && value !== undefined))
      .map(wordsOfFact),
  );
  return [...new Set(compared)];
}

/** Pings and traces take raw ICMP; what arrives for the ports of others is taken by hardly anybody. */
function isOfTransport(ear: Listening): boolean {
  return ear.kind === 'inet_socket' && TRANSPORTS.has(ear.socket.localPort);
}

/** `broad`: it sees the traffic of other programs. */
function describe(ear: Listening): { text: string; broad: boolean } {
  if (ear.kind === 'packet_socket') {
    const { type, protocol } = ear.socket;
    const kind = isUnseen(type) ? [] : [type === SOCK_RAW ? 'raw' : 'datagram'];
    const named = isUnseen(protocol) ? undefined : ETHER_TYPES.get(protocol);
    const bound = isUnseen(protocol) ? 'bound to what was not seen' : (named ?? `EtherType ${etherTypeText(protocol)}`);
    return {
      text: `packet socket (${[...kind, bound].join(', ')})`,
      broad: named !== undefined || isUnseen(protocol),
    };
  }
  const number = ear.socket.localPort;
  if (ear.socket.protocol !== 'raw') return { text: `socket (${ear.socket.protocol} port ${number})`, broad: false };
  return { text: `raw socket (${CARRIERS.get(number) ?? `IP protocol ${number}`})`, broad: CARRIERS.has(number) };
}
