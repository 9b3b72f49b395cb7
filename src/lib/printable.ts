// C0 and C1 controls, DEL, and the marks that reorder or hide text: what a terminal or a reader would act on.
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Text from evidence made safe to show on one line of a terminal or page: whatever could move the cursor, change colours
 * or hide text is written as an escape such as `\x1b` or `\u202e`.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (one) => {
    const code = one.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
