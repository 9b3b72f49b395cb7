import { defineParser, issueAt } from '../../model/parser.ts';
import { LAST_LOGINS, LOGIN_BYTES } from '../../model/settings-files.ts';
import { unseen, type Maybe } from '../../model/unseen.ts';
import { filesIn, layoutOf } from './logins.ts';

/** struct lastlog: a time of 32 bits, or of 64 where the C library has no older one beside it; then line and host. */
const LAYOUTS = [
  { size: 292, lineAt: 4 },
  { size: 296, lineAt: 8 },
] as const;
type Layout = (typeof LAYOUTS)[number];
const LINE_BYTES = 32;
const HOST_BYTES = 256;
const YEAR_2000 = 946_684_800;

const USER_PROCESS = 7;
/** The two are written by one program, or by two that run after one another. */
const SAME_LOGIN_SECONDS = 120;
/** A login that is about as old as the oldest record may have been before it. */
const MARGIN_SECONDS = 3600;

/**
 * The last login of each user, by number, and whether wtmp has it too. The file is as long as the highest number of a user
 * asks for, and mostly holes: where only its end was read, nobody knows whose records they are.
 *
 * @see struct lastlog in bits/utmp.h of the GNU C library; lastlog(8)
 */
export const lastLogins = defineParser({
  id: 'linux/last-logins',
  summary: 'The last login of each user, against the records of logins.',
  reads: ['files/logins'],
  yields: ['last_login'],
  *parse(artifact) {
    const files = filesIn(artifact);
    const place = files.find(({ path }) => path === LAST_LOGINS);
    if (place === undefined) return;
    const bytes = artifact.bytes.subarray(place.start, place.end);
    if (bytes.length === 0) return;
    const isTail = bytes.length === LOGIN_BYTES;
    const layout = layoutOfLast(bytes, isTail);
    if (layout === undefined)
      return void (yield issueAt(`${LAST_LOGINS} holds no records of lastlog(8)`, { offset: place.start }));
    const wtmp = files.find(({ path }) => path === '/var/log/wtmp');
    const records = wtmp === undefined ? undefined : sessionsIn(artifact.bytes.subarray(wtmp.start, wtmp.end));
    const first = isTail ? bytes.length % layout.size : 0;
    for (let at = first; at + layout.size <= bytes.length; at += layout.size) {
      const read = recordAt(bytes, at, layout);
      if (read === undefined) continue;
      const { seconds, line, from } = read;
      yield {
        body: {
          kind: 'last_login',
          login: {
            uid: isTail ? unseen('truncated') : at / layout.size,
            at: new Date(seconds * 1000).toISOString(),
            line,
            from,
            recorded: isRecorded(records, seconds, line),
          },
        },
        at: { offset: place.start + at },
      };
    }
    if (isTail)
      yield {
        gap: 'truncated',
        artifact: artifact.name,
        detail: `${LAST_LOGINS}: all but its end, users of low number among them`,
        missing: 1,
      };
  },
});

interface Read {
  readonly seconds: number;
  readonly line: string;
  readonly from: string;
}

/** The layout by which every record is empty or sound; of two, the one with which more are sound. */
function layoutOfLast(bytes: Uint8Array, isTail: boolean): Layout | undefined {
  const fits = LAYOUTS.flatMap((layout) => {
    const first = isTail ? bytes.length % layout.size : 0;
    if (!isTail && bytes.length % layout.size !== 0) return [];
    let [sound, odd] = [0, 0];
    for (let at = first; at + layout.size <= bytes.length; at += layout.size) {
      if (recordAt(bytes, at, layout) !== undefined) sound += 1;
      else if (bytes.subarray(at, at + layout.size).some((byte) => byte !== 0)) odd += 1;
    }
    return odd > sound ? [] : [{ layout, sound }];
  });
  return fits.sort((one, other) => other.sound - one.sound)[0]?.layout;
}

function recordAt(bytes: Uint8Array, at: number, { lineAt }: Layout): Read | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const seconds = view.getUint32(0, true);
  if (seconds < YEAR_2000 || (lineAt === 8 && view.getUint32(4, true) !== 0)) return undefined;
  const line = textAt(bytes, at + lineAt, LINE_BYTES);
  const from = textAt(bytes, at + lineAt + LINE_BYTES, HOST_BYTES);
  return line === undefined || from === undefined ? undefined : { seconds, line, from };
}

/** Text up to a NUL; undefined for what is none. */
function textAt(bytes: Uint8Array, at: number, length: number): string | undefined {
  const text =
    Buffer.from(bytes.subarray(at, at + length))
      .toString('latin1')
      .split('\0')[0] ?? '';
  return /^[\x20-\x7e]*$/.test(text) ? text : undefined;
}

/** Of each terminal the times at which somebody came in, and when the first of all did. */
interface Sessions {
  readonly from: number;
  readonly byLine: ReadonlyMap<string, readonly number[]>;
}

function sessionsIn(bytes: Uint8Array): Sessions | undefined {
  const layout = layoutOf(bytes);
  if (layout === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const byLine = new Map<string, number[]>();
  let from: number | undefined;
  for (let at = 0; at + layout.size <= bytes.length; at += layout.size) {
    const seconds = view.getUint32(at + layout.secondsAt, true);
    if (seconds === 0 || view.getUint16(at, true) !== USER_PROCESS) continue;
    // Records of a start may be from before the clock was set; when somebody logs in, it is.
    from ??= seconds;
    const line = textAt(bytes, at + 8, LINE_BYTES) ?? '';
    const known = byLine.get(line);
    if (known === undefined) byLine.set(line, [seconds]);
    else known.push(seconds);
  }
  return { from: from ?? Infinity, byLine };
}

function isRecorded(sessions: Sessions | undefined, seconds: number, line: string): Maybe<boolean> {
  if (sessions === undefined) return unseen('absent');
  const near = (sessions.byLine.get(line) ?? []).some((one) => Math.abs(one - seconds) <= SAME_LOGIN_SECONDS);
  return near || (seconds - MARGIN_SECONDS >= sessions.from ? false : unseen('truncated'));
}
