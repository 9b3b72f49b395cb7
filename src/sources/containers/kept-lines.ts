/**
 * Lines of a text that are kept, maybe in another form. A line ends at a line feed and nowhere else: whatever else ends lines
 * elsewhere may stand in a name that somebody chose.
 *
 * @param form Gives undefined for a line that goes.
 */
export function keptLines(text: string, form: (line: string) => string | undefined): string {
  const kept: string[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed;
    const line = form(text.slice(start, end));
    if (line !== undefined) kept.push(line, '\n');
    start = end + 1;
  }
  return kept.join('');
}
