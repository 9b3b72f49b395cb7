/** A process that holds a socket, as ss names it. `comm` is what the process says it is. */
export interface SocketHolder {
  readonly comm: string;
  readonly pid: number;
  readonly fd: number;
}

/** What the line of a packet socket says. */
export interface SsSocket {
  /** `raw`: offset 0 of a filter is the link-layer header; `datagram`: the network header. */
  readonly type: 'raw' | 'datagram';
  /** EtherType that the socket is bound to, 3 for all; undefined when its name is not known. */
  readonly protocol: number | undefined;
  /** Interface by name (or number), undefined for all. */
  readonly interface: string | undefined;
  readonly inode: number | undefined;
  readonly uid: number | undefined;
  readonly holders: readonly SocketHolder[];
}

/** ETH_P_ALL */
const ALL_PROTOCOLS = 3;

/** Names that iproute2 prints where it was not asked for numbers. */
const ETHER_TYPES: Readonly<Record<string, number>> = {
  '*': ALL_PROTOCOLS,
  all: ALL_PROTOCOLS,
  loop: 0x0060,
  pup: 0x0200,
  ip: 0x0800,
  x25: 0x0805,
  arp: 0x0806,
  rarp: 0x8035,
  atalk: 0x809b,
  aarp: 0x80f3,
  '802.1q': 0x8100,
  ipx: 0x8137,
  ipv6: 0x86dd,
  mpls_uc: 0x8847,
  mpls_mc: 0x8848,
  ppp_disc: 0x8863,
  ppp_ses: 0x8864,
  '802.1ad': 0x88a8,
  lldp: 0x88cc,
  tipc: 0x88ca,
  '802_3': 0x0001,
  '802_2': 0x0004,
};

const COLUMNS = /^p_(raw|dgr)\s+(?:[A-Z][A-Z0-9-]*\s+)?\d+\s+\d+\s+(\S+)\s+\S+/;

/**
 * Reads the line of a packet socket as `ss -0pb` and `ss -0pbne` print it.
 *
 * @param text `p_dgr 0 0 [2048]:* * users:(("netdiagd",pid=75,fd=3)) ino:28337 sk:1`. The protocol stands before the last
 *   colon of the local address: `[2048]` in decimal, `ip` by name or `*` for all.
 * @returns undefined for every other line.
 * @see packet_show_line() and sock_details_print() in misc/ss.c of iproute2
 */
export function parseSsSocket(text: string): SsSocket | undefined {
  const line = text.trim();
  const [columns = '', kind, local = ''] = COLUMNS.exec(line) ?? [];
  const colon = local.lastIndexOf(':');
  if (kind === undefined || colon === -1) return undefined;
  const where = local.slice(colon + 1);
  // What a process calls itself stands between the first and the last bracket: nothing in there is taken for a detail.
  const rest = line.slice(columns.length);
  const open = rest.indexOf(HOLDERS);
  const close = rest.lastIndexOf(')');
  const named = open !== -1 && close > open;
  const details = named ? `${rest.slice(0, open)} ${rest.slice(close + 1)}` : rest;
  return {
    type: kind === 'raw' ? 'raw' : 'datagram',
    protocol: protocolOf(local.slice(0, colon)),
    interface: where === '*' ? undefined : where,
    inode: detail(details, 'ino'),
    uid: detail(details, 'uid'),
    holders: named ? holdersOf(rest.slice(open + HOLDERS.length, close)) : [],
  };
}

const HOLDERS = 'users:(';

function protocolOf(text: string): number | undefined {
  const number = /^\[?(\d{1,5})\]?$/.exec(text)?.[1];
  return number === undefined ? ETHER_TYPES[text.toLowerCase()] : Number(number);
}

function detail(text: string, name: string): number | undefined {
  const digits = new RegExp(`(?:^|\\s)${name}:(\\d{1,15})(?=\\s|$)`).exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

// ("sshd",pid=75,fd=3), with ss -Z ("sshd",pid=75,proc_ctx=unconfined,fd=3), in old versions ("sshd",75,3).
//
// A process chooses its name, quotes and commas included. It has at most 15 bytes, too few to hold the end of one entry and
// the beginning of the next; so only what is followed by a whole new entry, or by the end of the list, ends an entry. In the
// old form 15 bytes are enough: it is looked for only where the end of the list shows that form.
const HOLDER =
  /\("(.{0,64}?)",pid=(\d{1,10}),(?:proc_ctx=[^,]{1,200},)?fd=(\d{1,10})(?:,sock_ctx=[^,]{1,200})?\)(?=,\("|$)/gs;
const OLD_HOLDER = /\("(.{0,64}?)",(\d{1,10}),(\d{1,10})\)(?=,\("|$)/gs;
const OLD_END = /",\d{1,10},\d{1,10}\)$/;

function holdersOf(list: string): SocketHolder[] {
  return [...list.matchAll(OLD_END.test(list) ? OLD_HOLDER : HOLDER)].map(([, comm = '', pid, fd]) => ({
    comm,
    pid: Number(pid),
    fd: Number(fd),
  }));
}
