import { CONTAINER } from '../model/artifact.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectors } from '../collectors/index.ts';
import { matchesName } from '../engine/parse.ts';
import { ObservationBody, WIRE_KINDS } from '../model/observations/index.ts';
import type { Parser } from '../model/parser.ts';
import { UnseenReason } from '../model/unseen.ts';
import { HOST_ARTIFACTS } from '../sources/evidence/collected.ts';
import { FORMAT_ARTIFACTS } from '../sources/evidence/formats.ts';
import { TREE_ARTIFACTS } from '../sources/evidence/tree.ts';
import { SOS_ARTIFACTS } from '../sources/evidence/sos.ts';
import { UAC_ARTIFACTS } from '../sources/evidence/uac.ts';
import { artifactOf } from '../testing/artifact.ts';
import { foreignSamples } from '../testing/foreign-samples.ts';
import { anyBytes, mutationsOf } from '../testing/mutations.ts';
import { faultsOf } from '../testing/registry.ts';
import { samples } from '../testing/samples.ts';
import { parsers } from './index.ts';

/** Artifacts that the readers of other people's collections bring; their tests hold that they do. */
const BROUGHT = new Set([
  ...FORMAT_ARTIFACTS,
  ...UAC_ARTIFACTS,
  ...SOS_ARTIFACTS,
  ...TREE_ARTIFACTS,
  ...HOST_ARTIFACTS,
  CONTAINER,
]);

/** No artifact of a few kilobytes takes longer, on a slow and busy machine. */
const BOUND_MS = 2_000;

const contents = new Map(
  Object.entries({ ...samples, ...foreignSamples }).map(([name, content]) => [name, new TextEncoder().encode(content)]),
);
const samplesOf = ({ reads }: Parser) =>
  [...contents.keys()].filter((name) => reads.some((pattern) => matchesName(pattern, name)));

/** What is wrong with what a parser makes of some content. */
function faultsIn(
  parser: Parser,
  name: string,
  content: Uint8Array,
  beside: ReadonlyMap<string, Uint8Array>,
): string[] {
  const started = performance.now();
  const faults: string[] = [];
  const near = (other: string) => {
    const bytes = parser.beside?.includes(other) ? beside.get(other) : undefined;
    return bytes && artifactOf(other, bytes);
  };
  for (const parsed of parser.parse(artifactOf(name, content), near)) {
    if ('body' in parsed) {
      if (!parser.yields.includes(parsed.body.kind))
        faults.push(`it yields ${parsed.body.kind} and does not declare it`);
      const checked = ObservationBody.safeParse(parsed.body);
      if (!checked.success) faults.push(`${JSON.stringify(parsed.body)}: ${checked.error.message}`);
    } else if ('gap' in parsed) {
      if (!UnseenReason.safeParse(parsed.gap).success || !(parsed.missing > 0 && parsed.missing <= 1))
        faults.push(`a wrong gap: ${JSON.stringify(parsed)}`);
    } else if (parsed.reason === '') faults.push('an issue without a reason');
    const offset = 'gap' in parsed ? 0 : 'body' in parsed ? (parsed.at?.offset ?? 0) : (parsed.offset ?? 0);
    if (offset > content.length) faults.push(`offset ${offset} in ${content.length} bytes`);
  }
  const tookMs = performance.now() - started;
  if (tookMs > BOUND_MS) faults.push(`${tookMs} ms for ${content.length} bytes`);
  return faults;
}

it('lists what the folder exports', async () => {
  expect(
    await faultsOf(new URL('.', import.meta.url), parsers, (value) => 'parse' in value && 'reads' in value),
  ).toEqual([]);
});

it('has somebody who brings what the parsers read', () => {
  const asked: readonly string[] = collectors.flatMap(({ steps }) =>
    steps.map((step) =>
      step.do === 'file' ? step.path : step.do === 'each-process' ? `/proc/*/${step.file}` : step.artifact,
    ),
  );
  const unknown = parsers
    .flatMap(({ reads, beside = [] }) => [...reads, ...beside])
    .filter((name) => !asked.includes(name) && !BROUGHT.has(name));

  expect(unknown).toEqual([]);
});

it('makes every kind of fact of a host from the samples', () => {
  const made = new Set([
    ...WIRE_KINDS,
    ...parsers.flatMap((parser) => samplesOf(parser).flatMap((name) => kindsIn(parser, name))),
  ]);

  expect(ObservationBody.options.map(({ shape }) => shape.kind.value).filter((kind) => !made.has(kind))).toEqual([]);
});

function kindsIn(parser: Parser, name: string): string[] {
  const near = (other: string) =>
    parser.beside?.includes(other) && contents.has(other) ? artifactOf(other, contents.get(other) ?? '') : undefined;
  return [...parser.parse(artifactOf(name, contents.get(name) ?? ''), near)].flatMap((parsed) =>
    'body' in parsed ? [parsed.body.kind] : [],
  );
}

describe.each(parsers.map((parser) => [parser.id, parser] as const))('%s', (_, parser) => {
  it('has a sample of everything that it reads and that lies beside', () => {
    const wanted = [...parser.reads, ...(parser.beside ?? [])];

    expect(wanted.filter((pattern) => ![...contents.keys()].some((name) => matchesName(pattern, name)))).toEqual([]);
  });

  it('yields what it declares, in the shape of the model, from its samples', () => {
    const kinds = samplesOf(parser).flatMap((name) => kindsIn(parser, name));

    expect(
      samplesOf(parser).flatMap((name) => faultsIn(parser, name, contents.get(name) ?? new Uint8Array(), contents)),
    ).toEqual([]);
    expect(parser.yields.filter((kind) => !kinds.includes(kind))).toEqual([]);
  });

  it('survives any bytes', () => {
    const name = samplesOf(parser)[0] ?? '';
    fc.assert(fc.property(anyBytes(), (bytes) => void expect(faultsIn(parser, name, bytes, contents)).toEqual([])));
  });

  it('survives its sample damaged', () => {
    for (const name of samplesOf(parser)) {
      const damaged = mutationsOf(contents.get(name) ?? new Uint8Array());
      fc.assert(fc.property(damaged, (bytes) => void expect(faultsIn(parser, name, bytes, contents)).toEqual([])));
    }
  });

  it('reads a mebibyte of whatever would make it turn in circles, in bounded time', () => {
    const [name = ''] = samplesOf(parser);
    const sample = new TextDecoder().decode(contents.get(name));
    const first = sample.split('\n')[0] ?? '';
    const units = [
      sample,
      `${first} `,
      '/',
      ': ',
      '(',
      ') ',
      ' -> ',
      '/x.service.d/',
      '1/stat:',
      '\0',
      'grep: 1/a: ',
      '\\012',
    ];
    for (const unit of units) {
      const bytes = new TextEncoder().encode(`${first}${unit.repeat(Math.ceil((1 << 20) / Math.max(1, unit.length)))}`);
      expect([unit.slice(0, 20), faultsIn(parser, name, bytes, contents)]).toEqual([unit.slice(0, 20), []]);
    }
  });

  const beside = parser.beside ?? [];
  if (beside.length > 0) {
    it('survives damage beside it', () => {
      const [name = ''] = samplesOf(parser);
      for (const other of beside) {
        const damaged = fc.oneof(anyBytes(), mutationsOf(contents.get(other) ?? new Uint8Array()));
        fc.assert(
          fc.property(damaged, (bytes) => {
            expect(
              faultsIn(parser, name, contents.get(name) ?? new Uint8Array(), new Map([...contents, [other, bytes]])),
            ).toEqual([]);
          }),
        );
      }
    });
  }
});
