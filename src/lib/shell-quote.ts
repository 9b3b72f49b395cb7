/** One word for a POSIX shell, whatever its content: nothing in it is interpreted. NUL bytes cannot be words and are refused. */
export function shellQuote(word: string): string {
  if (word.includes('\0')) throw new RangeError('a shell word holds no NUL byte');
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
