import { framesFilter } from '../hunt/moment.ts';
import type { Detection, Detector } from '../model/detector.ts';
import type { Observation } from '../model/observation.ts';
import type { WireService } from '../model/observations/traffic.ts';
import type { EventObject } from '../sigma/event.ts';
import { compileRules } from '../sigma/match.ts';
import { techniquesOf, type LogSource, type Rule } from '../sigma/rule.ts';
import { subjectOf } from './subject.ts';

type RecordFields = Observation<'wire_record'>['wire']['fields'];

/** How the rules of a log source name what records of the wire hold: their field to ours. */
export interface WireMapping {
  readonly logsource: LogSource;
  readonly service: WireService;
  readonly fields: ReadonlyMap<string, string>;
}

/** A detector over records of the wire, with the rule that it is made of. */
interface WireDetector extends Detector {
  readonly wire: { readonly rule: Rule; readonly mapping: WireMapping };
}

/** What detectors want of records: of which services, by which fields that is told, and which records. */
export interface WireWants {
  readonly services: ReadonlySet<WireService>;
  readonly looksAt: ReadonlyMap<WireService, readonly string[]>;
  readonly wants: (service: WireService, fields: RecordFields) => boolean;
}

/** Products all of whose rules judge what crosses the wire: of those without a mapping, captures show nothing that is read. */
const WIRE_PRODUCTS: ReadonlySet<string> = new Set(['zeek', 'suricata']);

/**
 * A rule that was written for logs of the network, as a detector over records of captures.
 *
 * @returns Nothing where the rule judges another source of logs. One that asks for what captures do not show is covered nowhere,
 *   and says why.
 */
export function wireDetector(rule: Rule, mappings: readonly WireMapping[]): Detector | undefined {
  if (rule.taxonomy !== 'sigma') return undefined;
  const mapping = mappings.find(({ logsource }) => isSame(logsource, rule.logsource));
  if (mapping === undefined) {
    const { product, service } = rule.logsource;
    if (product === undefined || !WIRE_PRODUCTS.has(product)) return undefined;
    return blind(rule, `${service ?? product} is not read from captures`);
  }
  const missing = rule.fields.filter((field) => !mapping.fields.has(field));
  if (missing.length > 0) return blind(rule, `captures do not show ${missing.join(', ')}`);
  return judging(rule, mapping);
}

/** What all detectors together want; their rules are tried at once. */
export function wireWants(detectors: readonly Detector[]): WireWants {
  const own = detectors.filter(isWire).map(({ wire }) => wire);
  const sets = new Map<WireService, ((fields: RecordFields) => boolean)[]>();
  for (const [mapping, of] of Map.groupBy(own, (one) => one.mapping))
    sets.set(mapping.service, [
      ...(sets.get(mapping.service) ?? []),
      matcher(
        of.map(({ rule }) => rule),
        mapping,
      ),
    ]);
  return {
    services: new Set(sets.keys()),
    looksAt: new Map(
      [...Map.groupBy(own, ({ mapping }) => mapping.service)].map(([service, of]) => [
        service,
        [...new Set(of.flatMap(fieldsOf))],
      ]),
    ),
    wants: (service, fields) => sets.get(service)?.some((matches) => matches(fields)) === true,
  };
}

function isWire(detector: Detector): detector is WireDetector {
  return 'wire' in detector;
}

/** What a rule looks at, under our names. One of keywords looks at everything. */
function fieldsOf({ rule, mapping }: WireDetector['wire']): readonly string[] {
  return rule.keywords ? [...mapping.fields.values()] : rule.fields.map((field) => mapping.fields.get(field)!);
}

function judging(rule: Rule, mapping: WireMapping): WireDetector {
  const matches = matcher([rule], mapping);
  return {
    ...about(rule),
    wire: { rule, mapping },
    *detect(facts) {
      for (const row of facts.each('wire_record'))
        if (row.wire.service === mapping.service && matches(row.wire.fields)) yield detection(rule, row);
    },
  };
}

function matcher(rules: readonly Rule[], { fields: names }: WireMapping): (fields: RecordFields) => boolean {
  const set = compileRules(rules);
  const same = [...names].every(([theirs, ours]) => theirs === ours);
  return (fields) => {
    let matched = false;
    set.match([same ? fields : renamed(fields, names)], () => (matched = true));
    return matched;
  };
}

function blind(rule: Rule, why: string): Detector {
  return { ...about(rule), blind: why, detect: () => [] };
}

function about(rule: Rule): Omit<Detector, 'detect'> {
  return {
    id: rule.id ?? rule.file,
    title: rule.title,
    level: rule.level ?? 'medium',
    status: rule.status === 'stable' || rule.status === 'test' ? rule.status : 'experimental',
    attack: techniquesOf(rule.tags),
    needs: ['wire_record'],
    judges: 'wire_record',
    identity: identityOf(rule),
    falsePositives: rule.falsepositives,
    next: ['look at the frames in Wireshark'],
  };
}

function detection(rule: Rule, row: Observation<'wire_record'>): Detection {
  const { wire } = row;
  const frames = framesFilter(wire.frames.map(({ frame }) => frame));
  // Whose it is: who began, unless the rule says that it is about the one who was called.
  const host = rule.custom.get('about') === 'id.resp_h' ? wire.peer : wire.host;
  return {
    message: `${rule.title}: ${wire.text}`,
    host,
    subject: subjectOf(row),
    identity: identityOf(rule).map((field) => String(wire.fields[field])),
    evidence: wire.frames.map(({ frame, offset, at }) => ({
      observation: row,
      text: `${at} ${wire.text}`,
      at: { frame, offset },
    })),
    next: [`look at the frames in Wireshark: ${frames}`, `look at ${host} itself: longwatch scan`],
  };
}

/** Under Zeek's names: what the rule says, or both ends and the port that was called. */
function identityOf(rule: Rule): readonly string[] {
  const given = rule.custom.get('identity');
  const fields = Array.isArray(given) ? given.filter((one): one is string => typeof one === 'string') : [];
  return fields.length > 0 ? fields : ['id.orig_h', 'id.resp_h', 'id.resp_p'];
}

function renamed(values: RecordFields, names: ReadonlyMap<string, string>): EventObject {
  const event: Record<string, unknown> = {};
  for (const [theirs, ours] of names) if (Object.hasOwn(values, ours)) event[theirs] = values[ours];
  return event;
}

function isSame(one: LogSource, other: LogSource): boolean {
  return one.category === other.category && one.product === other.product && one.service === other.service;
}
