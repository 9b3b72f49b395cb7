import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import type { WireMapping } from '../engine/wire-detector.ts';
import { resourceFolder } from '../lib/places.ts';
import { WIRE_SERVICES } from '../model/observations/traffic.ts';

/** Files of `rules/mappings`; where two map the same source, the first counts. */
const FILES = ['zeek', 'suricata', 'generic'] as const;

const Names = z.array(z.string()).default([]);
const Renamed = z.record(z.string(), z.string()).default({});

/** Names of fields that are the same as ours, and those that are ours under another name: their name to ours. */
const Mapping = z.strictObject({
  sources: z.array(
    z.strictObject({
      logsource: z.strictObject({
        category: z.string().exactOptional(),
        product: z.string().exactOptional(),
        service: z.string().exactOptional(),
      }),
      record: z.enum(WIRE_SERVICES),
      same: Names,
      beside: Names,
      fields: Renamed,
      and: z.union([z.array(z.string()), Renamed]).default({}),
    }),
  ),
});

/** How rules of foreign sources name what captures show, of `rules/mappings`. */
export async function loadMappings(): Promise<readonly WireMapping[]> {
  const files = await Promise.all(
    FILES.map((name) => readFile(new URL(`mappings/${name}.mapping.yml`, resourceFolder('rules')), 'utf8')),
  );
  return files.flatMap((text) =>
    Mapping.parse(parse(text)).sources.map(({ logsource, record, same, beside, fields, and }) => {
      const alike = [...same, ...beside, ...(Array.isArray(and) ? and : [])].map((name) => [name, name] as const);
      return {
        logsource,
        service: record,
        fields: new Map([...alike, ...Object.entries(fields), ...(Array.isArray(and) ? [] : Object.entries(and))]),
      };
    }),
  );
}
