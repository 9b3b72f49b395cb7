import { decimalOf } from '../../lib/decimal.ts';
import type { Decimal } from '../../lib/decimal.ts';
import { networkOf } from '../../lib/network.ts';
import { Refusal } from '../diagnostics.ts';
import type { Position } from '../diagnostics.ts';
import { compileRegex } from '../regex/regex.ts';
import type { Test } from '../rule.ts';
import { literal, parseText, plainText, widen } from '../text.ts';
import type { SigmaText } from '../text.ts';
import type { YamlScalar } from '../yaml.ts';
import type { Chain, Transform } from './chain.ts';
import { base64, base64Offsets, bytesAsText, bytesOfText, utf16Bytes } from './encodings.ts';
import type { Utf16 } from './encodings.ts';
import { fillIn } from './placeholders.ts';
import type { Placeholders } from './placeholders.ts';
import { anyDash, spellOutDashes } from './windash.ts';

const LIMIT_LENGTH = 65_536;
const LIMIT_VARIANTS = 5000;

/** A text on its way through the transforms. */
interface Draft {
  readonly text: SigmaText;
  /** Whether its characters stand for bytes. */
  readonly encoded: boolean;
}

/**
 * The comparisons that one value of an item stands for, after its modifiers: mostly one, and several where `windash`,
 * `base64offset` or `expand` make variants, which are alternatives.
 *
 * @param keyword Whether the value is a keyword: then it is sought as a part.
 * @throws {Refusal} When a modifier cannot take a value of this type.
 */
export function testsOf(
  value: YamlScalar,
  chain: Chain,
  keyword: boolean,
  placeholders: Placeholders,
): readonly Test[] {
  if (value.text.length > LIMIT_LENGTH)
    throw new Refusal('VALUE_INVALID', `a value of more than ${LIMIT_LENGTH} characters`, value);
  switch (chain.kind) {
    case 'exists':
      if (value.type !== 'boolean') throw new Refusal('VALUE_TYPE', 'exists needs true or false', value);
      return [{ kind: 'exists', exists: value.text === 'true' }];
    case 're':
      return [{ kind: 'regex', regex: compileRegex(textOf(value, 're'), chain.flags, value) }];
    case 'cidr':
      return [{ kind: 'cidr', network: network(textOf(value, 'cidr'), value) }];
    case 'number':
      return [{ kind: 'number', comparison: chain.comparison, value: number(value) }];
    case 'date':
      if (chain.part === undefined) return [];
      return [{ kind: 'date', part: chain.part, comparison: chain.comparison, value: number(value) }];
    case 'fieldref':
      return [{ kind: 'field', field: textOf(value, 'fieldref'), side: chain.side, cased: chain.cased }];
    case 'text':
      return textTests(value, chain, keyword, placeholders);
  }
}

function textTests(value: YamlScalar, chain: Chain, keyword: boolean, placeholders: Placeholders): readonly Test[] {
  const { cased, transforms, expand } = chain;
  if (value.type === 'null') {
    if (keyword || cased || transforms.length > 0)
      throw new Refusal('VALUE_TYPE', 'null is no text to look for', value);
    return [{ kind: 'null' }];
  }
  const needsText = cased ? 'cased' : transforms.find((transform) => !isSide(transform));
  if (needsText !== undefined) textOf(value, needsText);
  const start = value.type === 'text' ? parseText(value.text, { placeholders: expand }) : literal(value.text);
  let drafts: readonly Draft[] = [{ text: start, encoded: false }];
  for (const transform of transforms) {
    drafts = drafts.flatMap((draft) => apply(transform, draft, placeholders, value));
    if (drafts.length > LIMIT_VARIANTS)
      throw new Refusal('EXPANSION_TOO_LARGE', `more than ${LIMIT_VARIANTS} variants of one value`, value);
  }
  const part = keyword && !transforms.some(isSide);
  return drafts.map(({ text }) => ({ kind: 'text', cased, text: part ? widen(text, 'contains') : text }));
}

function isSide(transform: Transform): transform is 'contains' | 'startswith' | 'endswith' {
  return transform === 'contains' || transform === 'startswith' || transform === 'endswith';
}

function apply(transform: Transform, draft: Draft, placeholders: Placeholders, place: Position): readonly Draft[] {
  switch (transform) {
    case 'contains':
    case 'startswith':
    case 'endswith':
      return [{ ...draft, text: widen(draft.text, transform) }];
    case 'windash':
      return [{ ...draft, text: anyDash(draft.text) }];
    case 'expand':
      return fillIn(draft.text, placeholders, LIMIT_VARIANTS, place).map((text) => ({ ...draft, text }));
    case 'base64':
      return plainDrafts(draft, transform, place).map((bytes) => ({ text: literal(base64(bytes)), encoded: false }));
    case 'base64offset':
      return plainDrafts(draft, transform, place).flatMap((bytes) => {
        // Of one byte an offset leaves no character that is sure, and the empty text would be found everywhere.
        if (bytes.length < 2) throw new Refusal('VALUE_INVALID', 'base64offset needs two bytes or more', place);
        return base64Offsets(bytes).map((text) => ({ text: literal(text), encoded: false }));
      });
    case 'wide':
    case 'utf16le':
    case 'utf16be':
    case 'utf16':
      return utf16(draft, transform, place);
  }
}

/** The bytes of a text that must hold no wildcard, one a spelling of its dashes. */
function plainDrafts(draft: Draft, transform: Transform, place: Position): readonly Uint8Array[] {
  return spelled(draft, place).map((text) => {
    const plain = plainText(text);
    if (plain === undefined)
      throw new Refusal('MODIFIER_CONFLICT', `${transform} cannot encode a wildcard or a placeholder`, place);
    return bytesOfText(plain, draft.encoded);
  });
}

function utf16(draft: Draft, form: Utf16, place: Position): readonly Draft[] {
  if (draft.encoded) throw new Refusal('MODIFIER_CONFLICT', `${form} follows another encoding to UTF-16`, place);
  return spelled(draft, place).map((text) => ({
    encoded: true,
    text: text.map((part) =>
      part.kind === 'literal' ? { kind: 'literal', text: bytesAsText(utf16Bytes(part.text, form)) } : part,
    ),
  }));
}

function spelled({ text }: Draft, place: Position): readonly SigmaText[] {
  const dashes = text.filter((part) => part.kind === 'dash').length;
  if (5 ** dashes > LIMIT_VARIANTS)
    throw new Refusal('EXPANSION_TOO_LARGE', `${dashes} dashes in one encoded value`, place);
  return spellOutDashes(text);
}

function textOf(value: YamlScalar, modifier: string): string {
  if (value.type !== 'text') throw new Refusal('VALUE_TYPE', `${modifier} needs a text`, value);
  return value.text;
}

function network(text: string, place: Position) {
  const found = networkOf(text);
  if (found === undefined) throw new Refusal('CIDR_INVALID', `${text.slice(0, 100)} is no network`, place);
  return found;
}

function number(value: YamlScalar): Decimal {
  // YAML also writes 0x1f and 0o17.
  const based = value.type === 'number' && /^0[xo]/.test(value.text) ? String(BigInt(value.text)) : value.text;
  const found = value.type === 'number' || value.type === 'text' ? decimalOf(based) : undefined;
  if (found === undefined)
    throw new Refusal('NUMBER_INVALID', `${value.text.slice(0, 100) || 'an empty value'} is no number`, value);
  return found;
}
