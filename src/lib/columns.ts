/**
 * Sets rows as columns, two blanks apart. The last column takes what is left of the width; what does not fit ends in `…`.
 *
 * The cells must be safe to print.
 */
export function columns(rows: readonly (readonly string[])[], width: number): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) =>
    Math.max(...rows.map((row) => lengthOf(row[index] ?? ''))),
  );
  return rows
    .map((row) => {
      const line = row
        .map((cell, index) => (index === count - 1 ? cell : cell + ' '.repeat((widths[index] ?? 0) - lengthOf(cell))))
        .join('  ');
      return `${cut(line.trimEnd(), width)}\n`;
    })
    .join('');
}

function lengthOf(text: string): number {
  return [...text].length;
}

function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
