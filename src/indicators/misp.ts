import { z } from 'zod';
import { Collection } from './collect.ts';
import type { IndicatorKind, IndicatorReading } from './indicator.ts';

const Attribute = z.object({
  type: z.string(),
  value: z.coerce.string(),
  uuid: z.string().optional(),
  to_ids: z.boolean().optional(),
  deleted: z.boolean().optional(),
});
const Event = z.object({
  info: z.string().optional(),
  date: z.string().optional(),
  Attribute: z.array(z.unknown()).optional(),
  Object: z.array(z.object({ Attribute: z.array(z.unknown()).optional() })).optional(),
});
const Wrapped = z.object({ Event });
const Export = z.union([
  Wrapped.transform((one) => [one.Event]),
  z.object({ response: z.array(Wrapped) }).transform(({ response }) => response.map((one) => one.Event)),
  z.array(Wrapped).transform((all) => all.map((one) => one.Event)),
  z
    .object({ response: z.object({ Attribute: z.array(z.unknown()) }) })
    .transform(({ response }) => [Event.parse(response)]),
]);

export function isMisp(value: unknown): boolean {
  return Export.safeParse(value).success;
}

/** What the types of MISP are here; of `a|b` each half has its own kind. @see MISP core format, attributes */
const KINDS: ReadonlyMap<string, IndicatorKind> = new Map([
  ['md5', 'md5'],
  ['sha1', 'sha1'],
  ['sha256', 'sha256'],
  ['filename', 'name'],
  ['ip-src', 'address'],
  ['ip-dst', 'address'],
  ['ip', 'address'],
  ['hostname', 'domain'],
  ['domain', 'domain'],
  ['port', 'port'],
  ['mutex', 'marker'],
  ['process-name', 'name'],
]);

/**
 * Attributes of MISP events that are marked for detection (`to_ids`), objects among them.
 *
 * @param lineOf The line on which a text first stands, for entries that cannot be used.
 */
export function readMisp(file: string, exported: unknown, lineOf: (text: string) => number): IndicatorReading {
  const collection = new Collection(file);
  for (const event of Export.parse(exported)) {
    const { info = file, date } = event;
    const about = { family: info.slice(0, 200), source: file, perishable: true, ...(date ? { date } : {}) };
    const attributes = [...(event.Attribute ?? []), ...(event.Object ?? []).flatMap((one) => one.Attribute ?? [])];
    for (const attribute of attributes) {
      const read = Attribute.safeParse(attribute);
      if (!read.success) collection.issueOnce(() => 1, 'an attribute has no type or no value');
      else if (read.data.to_ids !== false && read.data.deleted !== true) {
        const { type: types, value, uuid = value } = read.data;
        const at = () => lineOf(uuid);
        const values = value.split('|');
        for (const [index, type] of types.split('|').entries()) {
          const kind = KINDS.get(type);
          // A name beside a digest is what somebody called the file.
          if (type === 'filename' && index === 0 && values.length > 1) continue;
          if (kind === undefined)
            collection.issueOnce(at, `the type ${type.slice(0, 40)} cannot be compared with a host`);
          else collection.add(kindOfName(kind, values[index] ?? ''), values[index] ?? '', about, at);
        }
      }
    }
  }
  return collection.reading();
}

function kindOfName(kind: IndicatorKind, value: string): IndicatorKind {
  return kind === 'name' && value.startsWith('/') ? 'path' : kind;
}
