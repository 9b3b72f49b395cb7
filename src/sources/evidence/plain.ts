import type { Issue } from '../../model/gap.ts';
import type { Bundle } from './bundle.ts';
import { formatOf } from './formats.ts';
import { hostLines } from './host-lines.ts';
import type { Members } from './members.ts';
import { addPrintedSettings } from './settings.ts';

/** Takes the output of a command by what it holds. Returns whether it is known. */
export function addOutput(bundle: Bundle, name: string, bytes: Uint8Array, cut = false): boolean {
  const about = hostLines(bytes);
  for (const { text, line } of about) bundle.addLines('foreign/host', name, [text], bytes, false, line);
  const artifact = formatOf(bytes);
  if (artifact === undefined) return addPrintedSettings(bundle, name, bytes, cut) || about.length > 0;
  if (artifact !== 'known' && artifact !== 'foreign/host') bundle.add(artifact, name, bytes, cut);
  return true;
}

/** A lone name in a file is what hostname prints, where nothing else tells the name. */
const LONE_NAME = /^\s*([a-zA-Z][\w.-]{0,252})\s*$/;

/** Outputs of commands as files of their own, whatever their names are. */
export function addPlain(bundle: Bundle, members: Members): Issue[] {
  const issues: Issue[] = [];
  for (const path of members.files()) {
    const file = members.file(path);
    if (file === undefined || file.bytes.length === 0) continue;
    if (addOutput(bundle, path, file.bytes, file.cut)) continue;
    const [, lone] = file.bytes.length <= 256 ? (LONE_NAME.exec(new TextDecoder().decode(file.bytes)) ?? []) : [];
    if (lone !== undefined) bundle.addLines('foreign/host', path, [`hostname ${lone}`], file.bytes);
    else issues.push({ artifact: path, reason: 'not an output that Longwatch knows; it is not judged' });
  }
  return issues;
}

/** Whether a file, by its first bytes, is an output that is known, or tells of the host. */
export function isOutput(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, 16 << 10));
  return (
    formatOf(bytes) !== undefined ||
    hostLines(bytes).length > 0 ||
    /^==> \/[^:]+ <==$|^(?:ls|cat): .*\/etc\//m.test(text) ||
    LONE_NAME.test(text)
  );
}
