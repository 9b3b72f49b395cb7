/** Codes of one digit, and of two; all others have three. @see ITU-T E.164, annex to the operational bulletin */
const ONE = new Set(['1', '7']);
const TWO = new Set(
  '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'.split(
    ' ',
  ),
);

/** The code of the country that an international number begins with; nothing where it is too short to tell. */
export function countryOf(digits: string): string | undefined {
  const size = ONE.has(digits.slice(0, 1)) ? 1 : TWO.has(digits.slice(0, 2)) ? 2 : 3;
  return /^[1-9]\d+$/.test(digits) && digits.length > size ? digits.slice(0, size) : undefined;
}
