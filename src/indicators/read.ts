import type { IndicatorReading } from './indicator.ts';
import { isMisp, readMisp } from './misp.ts';
import { readPlainList } from './plain.ts';
import { readSheets } from './sheet.ts';
import { isStix, readStix } from './stix.ts';

/** Reads indicators in whatever form they have, told by what the text holds: a STIX bundle, MISP, our sheets, a plain list. */
export function readIndicators(file: string, text: string): IndicatorReading {
  const plain = text.replace(/^\uFEFF/, '');
  const parsed = /^\s*[{[]/.test(plain) ? jsonOf(plain) : undefined;
  if (parsed !== undefined) {
    const lineOf = (word: string): number => {
      const at = plain.indexOf(JSON.stringify(word));
      return at === -1 ? 1 : plain.slice(0, at).split('\n').length;
    };
    if (isStix(parsed.value)) return readStix(file, parsed.value, lineOf);
    if (isMisp(parsed.value)) return readMisp(file, parsed.value, lineOf);
  }
  return /^(?:---|family\s*:|\{)/m.test(plain) ? readSheets(file, plain) : readPlainList(file, plain);
}

function jsonOf(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
