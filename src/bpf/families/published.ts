/** A filter, or a value in filters, that has been published as an implant's. What they are called decides nothing. */
export interface PublishedFilter {
  readonly family: string;
  /** Year that its packets were first described in public. */
  readonly since: number;
  /** The packets that it accepts, as a pcap expression. */
  readonly expression: string;
  /** The length that the implant's own program returns, where its instructions are known. */
  readonly returns?: number;
}

/** Filters whose whole set is known, from source that leaked or from analyses of samples. */
export const PUBLISHED_FILTERS: readonly PublishedFilter[] = [
  {
    family: 'BPFDoor',
    since: 2022,
    expression: 'udp[8:2] = 0x7255 or (icmp[8:2] = 0x7255 and icmp[0] = 8) or tcp[((tcp[12]&0xf0)>>2):2] = 0x5293',
    returns: 65535,
  },
  {
    family: 'BPFDoor (compiled on the host)',
    since: 2022,
    expression: 'udp[8:2] = 0x7255 or icmp[8:2] = 0x7255 or tcp[((tcp[12]&0xf0)>>2):2] = 0x5293',
  },
  {
    family: 'BPFDoor of 2023, which checks its secret itself',
    since: 2023,
    expression: 'dst port 80 or dst port 443 or dst port 22',
  },
  { family: 'BPFDoor of 2025, which checks its secret itself', since: 2025, expression: 'udp dst port 53' },
  { family: 'cd00r', since: 2000, expression: 'port 200 or port 80 or port 22 or port 53 or port 3' },
];

/** A value that filters of an implant compare content with. */
export interface PublishedValue {
  readonly family: string;
  readonly since: number;
  /** Hexadecimal, as `mask`. */
  readonly value: string;
  readonly mask?: string;
}

const bpfdoor = (since: number, ...values: readonly string[]): readonly PublishedValue[] =>
  values.map((value) => ({ family: 'BPFDoor', since, value }));

/** Two bytes are few: these name what was found to be a trigger, and never make one. */
export const PUBLISHED_VALUES: readonly PublishedValue[] = [
  ...bpfdoor(2022, '7255', '5293'),
  ...bpfdoor(2023, '39393939'),
  ...bpfdoor(2025, '8d6c', '9f4f', '5571'),
  ...bpfdoor(2026, '6693', '4274', '7820', 'dead', 'abc00922', '270f', '2048', '1155', '5433', '3182', '1051', '3321'),
  { family: 'Penquin', since: 2020, value: '0001bebe', mask: 'e007ffff' },
  { family: 'Penquin', since: 2020, value: 'e003bebe', mask: 'e007ffff' },
];
