export const DATE_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;

export type DatePart = (typeof DATE_PARTS)[number];

interface WrittenDate {
  readonly year?: number;
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const CLOCK = String.raw`(?<hour>\d{1,2}):(?<minute>\d\d)(?::\d\d(?:[.,]\d{1,12})?)?`;
const ZONE = String.raw`(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?`;

// As RFC 3339 and its relatives, compact ISO 8601, mail and web servers, and syslog (which has no year) write dates.
const FORMATS = [
  String.raw`(?<year>\d{4})([-/.])(?<month>\d{1,2})\2(?<day>\d{1,2})(?:[T _]${CLOCK}${ZONE})?`,
  String.raw`(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?:[T ](?<hour>\d\d):?(?<minute>\d\d)(?::?\d\d(?:[.,]\d{1,12})?)?${ZONE})?`,
  String.raw`(?:[a-z]{3}, )?(?<day>\d{1,2})[ /-](?<name>[a-z]{3})[ /-](?<year>\d{4})(?:[ :T]${CLOCK}${ZONE})?`,
  String.raw`(?:[a-z]{3} )?(?<name>[a-z]{3}) {1,2}(?<day>\d{1,2}) ${CLOCK}(?:${ZONE} (?<year>\d{4}))?`,
].map((format) => new RegExp(`^${format}$`, 'i'));

/** Part of a date as it is written: no time zone is converted. Undefined when the text is no date or has no such part. */
export function datePart(text: string, part: DatePart): number | undefined {
  const date = writtenDate(text);
  if (date === undefined) return undefined;
  return part === 'week' ? date.year && isoWeek(date.year, date.month, date.day) : date[part];
}

function writtenDate(text: string): WrittenDate | undefined {
  if (text.length > 64) return undefined;
  for (const format of FORMATS) {
    const groups = format.exec(text)?.groups;
    if (groups === undefined) continue;
    const { year, hour, minute, name } = groups;
    const month = name === undefined ? Number(groups['month']) : MONTHS.indexOf(name.toLowerCase()) + 1;
    const date: WrittenDate = {
      month,
      day: Number(groups['day']),
      ...(year !== undefined && { year: Number(year) }),
      ...(hour !== undefined && { hour: Number(hour), minute: Number(minute) }),
    };
    return isPossible(date) ? date : undefined;
  }
  return undefined;
}

function isPossible({ year = 2000, month, day, hour = 0, minute = 0 }: WrittenDate): boolean {
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= days && hour < 24 && minute < 60;
}

/** The week of ISO 8601: weeks begin on Monday, and week 1 holds the first Thursday of the year. */
function isoWeek(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const first = Date.UTC(date.getUTCFullYear(), 0, 1);
  return Math.ceil(((date.getTime() - first) / 86_400_000 + 1) / 7);
}
