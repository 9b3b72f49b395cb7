import { networkOf } from '../lib/network.ts';

/** What can be compared with a host. */
export const INDICATOR_KINDS = [
  'md5',
  'sha1',
  'sha256',
  /** A file or folder. */
  'path',
  /** A file that an implant leaves to know that it runs; it counts while it is empty. */
  'marker',
  /** The name of a file or program, in whatever folder. */
  'name',
  /** Arguments under which a program goes that is another one. */
  'title',
  /** A module of the kernel. */
  'module',
  'user',
  /** A port that is listened at, or a range `1-9`. */
  'port',
  'domain',
  /** An address or network. */
  'address',
  /** Text in a program. */
  'word',
] as const;
export type IndicatorKind = (typeof INDICATOR_KINDS)[number];

/** Something that has been published of an implant, or that an operator looks for. */
export interface Indicator {
  readonly kind: IndicatorKind;
  /** Digests and names of hosts in lower case, /var/run as /run. */
  readonly value: string;
  /** Whose it is: the name of a family or of a list. */
  readonly family: string;
  readonly source: string;
  /** When it was published: a year, a month or a day. */
  readonly date?: string;
  /** Operators change it within days of a publication: that it is absent says nothing. */
  readonly perishable: boolean;
}

/** An entry that cannot be used, with its place. */
export interface IndicatorIssue {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** What one file gave, in its order. */
export interface IndicatorReading {
  readonly indicators: readonly Indicator[];
  readonly issues: readonly IndicatorIssue[];
}

const DIGEST_LENGTH = { md5: 32, sha1: 40, sha256: 64 } as const;
const LONGEST = 1024;
const SHORTEST_WORD = 6;

/** The value in the one spelling in which it is compared, or what is wrong with it. */
export function spelt(kind: IndicatorKind, text: string): { readonly value: string } | { readonly wrong: string } {
  const value = text.trim();
  if (value === '' || value.length > LONGEST || /\p{Cc}/u.test(value)) return wrong('empty, too long or not printable');
  switch (kind) {
    case 'md5':
    case 'sha1':
    case 'sha256':
      return new RegExp(`^[0-9a-f]{${DIGEST_LENGTH[kind]}}$`, 'i').test(value)
        ? { value: value.toLowerCase() }
        : wrong(`no ${kind}: ${DIGEST_LENGTH[kind]} hexadecimal digits`);
    case 'path':
    case 'marker':
      return /^\/[^/]/.test(value)
        ? { value: value.replace(/^\/var\/run\//, '/run/').replace(/(?<=.)\/+$/, '') }
        : wrong('no absolute path');
    case 'name':
      return value.includes('/') || value.length < 2 ? wrong('no name of a file') : { value };
    case 'module':
      return /^[\w-]{2,64}$/.test(value) ? { value: value.replaceAll('-', '_') } : wrong('no name of a module');
    case 'user':
      return /^[\w.@$-]{1,64}$/.test(value) ? { value } : wrong('no name of a user');
    case 'port':
      return portsOf(value) === undefined ? wrong('no port, and no range of ports') : { value };
    case 'domain':
      return isDomain(value) ? { value: value.toLowerCase().replace(/\.$/, '') } : wrong('no name of a host');
    case 'address':
      return networkOf(value) === undefined ? wrong('no address') : { value };
    case 'word':
      return value.length < SHORTEST_WORD ? wrong(`a word of fewer than ${SHORTEST_WORD} letters`) : { value };
    case 'title':
      return { value };
  }
}

function wrong(reason: string): { wrong: string } {
  return { wrong: reason };
}

export function isDomain(text: string): boolean {
  return /^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\.?$/i.test(text);
}

/** First and last port of `1234` or `1234-1240`. */
export function portsOf(text: string): readonly [number, number] | undefined {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const [from, upTo] = [Number(first), Number(last)];
  return from >= 1 && from <= upTo && upTo <= 65_535 ? [from, upTo] : undefined;
}
