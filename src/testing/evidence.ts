import type { ArtifactGap, Evidence } from '../model/artifact.ts';
import type { Observation } from '../model/observation.ts';
import type { Parsed, Parser } from '../model/parser.ts';
import type { ObservationBody, ObservationKind } from '../model/observations/index.ts';
import { artifactOf } from './artifact.ts';

export type Contents = Readonly<Record<string, string | Uint8Array>>;

/** One look at a made-up host. */
export function evidenceOf(
  contents: Contents,
  {
    host = { id: '00000000000000aa', name: 'amf1' },
    observedAt = '2026-11-23T04:05:06.000Z',
    gaps = [] as readonly ArtifactGap[],
  } = {},
): Evidence {
  return {
    host,
    observedAt,
    artifacts: new Map(Object.entries(contents).map(([name, content]) => [name, artifactOf(name, content)])),
    gaps,
  };
}

/** What a parser makes of the first of the contents; the others lie beside it, as far as the parser declares them. */
export function parseBeside<K extends ObservationKind>(parser: Parser<K>, contents: Contents): Parsed<K>[] {
  const artifacts = Object.entries(contents).map(([name, content]) => artifactOf(name, content));
  const [first] = artifacts;
  if (first === undefined) throw new RangeError('there is nothing to parse');
  return [
    ...parser.parse(first, (name) =>
      parser.beside?.includes(name) ? artifacts.find((one) => one.name === name) : undefined,
    ),
  ];
}

/** The facts alone, without their places. */
export function bodiesOf(parsed: readonly Parsed<ObservationKind>[]): ObservationBody[] {
  return parsed.flatMap((one) => ('body' in one ? [one.body] : []));
}

/** An observation as the engine would stamp it. */
export function observed<B extends ObservationBody>(body: B, id = 'o1'): Observation<B['kind']> {
  const stamp = {
    id,
    host: 'amf1',
    observedAt: '2026-11-23T04:05:06.000Z',
    source: { artifact: 'test', sha256: '00' },
  };
  return { ...body, ...stamp } as unknown as Observation<B['kind']>;
}
