/**
 * The protocols that are told apart, under Wireshark's names. Their places are their numbers, which layers are kept as; 0 is none.
 */
const NAMES = [
  '',
  // links
  ...([
    'eth',
    'sll',
    'null',
    'raw',
    'ppp',
    'chdlc',
    'fr',
    'llc',
    'pppoed',
    'pppoes',
    'vlan',
    'ieee8021ad',
    'mpls',
  ] as const),
  ...(['arp', 'slarp', 'lcp', 'ipcp'] as const),
  // networks
  ...(['ip', 'ipv6', 'ah', 'esp', 'icmp', 'icmpv6', 'igmp'] as const),
  // tunnels
  ...(['gre', 'erspan', 'vxlan', 'geneve', 'teredo', 'l2tp', 'gtp', 'gtpv2', 'gtpprime'] as const),
  // transports
  ...(['tcp', 'tcp.segments', 'udp', 'sctp'] as const),
  // signalling
  ...(['m3ua', 'm2ua', 'm2pa', 'sua', 'mtp2', 'mtp3', 'mtp3mg', 'sccp', 'sccp.msg.fragments', 'sccpmg'] as const),
  ...(['tcap', 'gsm_map', 'camel', 'inap', 'isup'] as const),
  ...(['diameter', 's1ap', 'ngap', 'x2ap', 'xnap', 'f1ap', 'e1ap', 'lcsap', 'sbcap', 'sgsap', 'pfcp'] as const),
  // applications
  ...(['dns', 'tls', 'http', 'quic', 'ssh', 'smtp', 'ntp', 'snmp', 'tacplus', 'radius'] as const),
] as const;

export type ProtocolName = Exclude<(typeof NAMES)[number], ''>;

/** Name of a protocol by its number. */
export const PROTOCOL_NAMES: readonly string[] = NAMES;

/** Number of a protocol by its name. */
export const P = Object.fromEntries(NAMES.map((name, number) => [name, number])) as Readonly<
  Record<ProtocolName, number>
>;
