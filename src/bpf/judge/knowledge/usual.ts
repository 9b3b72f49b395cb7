const HOPS: ReadonlySet<number> = new Set([
  ...Array.from({ length: 33 }, (_, hops) => hops),
  60,
  62,
  63,
  64,
  100,
  125,
  127,
  128,
  200,
  253,
  254,
  255,
]);

/** Classes of RFC 2474, RFC 2597, RFC 3246 and RFC 5865, whatever RFC 3168 makes of the last bits; types of service, RFC 1349. */
const isClass = (value: number): boolean => {
  const code = value >> 2;
  return code % 2 === 0 || code === 0x2c || value <= 0x1c;
};

/** Whole kibibytes, whole segments, and what stacks and scanners begin with. */
const isWindow = (value: number): boolean =>
  value % 256 === 0 ||
  value % 1460 === 0 ||
  value % 1448 === 0 ||
  [0xffff, 29200, 64240, 65495, 5840, 55808, 14600].includes(value);

/**
 * Fields that stacks fill with a few values, and that filters compare with those. One other value may be a stack that nobody
 * knows; two of them at a time are an appointment.
 */
export const IS_USUAL: Readonly<Record<string, (value: number) => boolean>> = {
  'ip.ttl': (value) => HOPS.has(value),
  'ipv6.hlim': (value) => HOPS.has(value),
  'ip.dsfield': isClass,
  'ipv6.tclass': isClass,
  'tcp.window_size_value': isWindow,
  'icmp.code': (value) => value <= 15,
  'icmpv6.code': (value) => value <= 15,
  'icmp.seq': (value) => value < 256,
  'icmpv6.echo.sequence_number': (value) => value < 256,
}; // prettier-ignore

/** What such a value counts, however wide its field is. */
export const UNUSUAL_BITS = 8;
