import { LongwatchError } from '../model/errors.ts';
import type { Placeholders } from './modifiers/placeholders.ts';
import { yamlDocuments } from './yaml.ts';

/**
 * Reads the values of placeholders: a YAML map of names, each with one value or a list of them.
 *
 * @throws {LongwatchError} `INPUT_UNREADABLE` when the text is something else.
 * @example
 * parsePlaceholders('Servers: [nf1, nf2]').get('Servers'); // ['nf1', 'nf2']
 */
export function parsePlaceholders(text: string): Placeholders {
  const [document] = yamlDocuments(text);
  if (document === undefined) return new Map();
  if ('refusal' in document) throw unreadable(document.refusal.message);
  if (document.root.type !== 'map') throw unreadable('a map of names is needed');
  return new Map(
    document.root.entries.map(({ key, value }) => {
      const values = value.type === 'list' ? value.items : [value];
      return [
        key.text,
        values.map((one) => {
          if (one.type === 'list' || one.type === 'map' || one.type === 'null')
            throw unreadable(`${key.text} holds something that is no value`);
          return one.text;
        }),
      ] as const;
    }),
  );
}

function unreadable(reason: string): LongwatchError {
  return new LongwatchError('INPUT_UNREADABLE', `the placeholders cannot be read: ${reason}`);
}
