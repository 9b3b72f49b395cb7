import type { Indicator } from '../../indicators/indicator.ts';
import type { Lookup } from '../../indicators/lookup.ts';
import type { Facts, Shown } from '../../model/detector.ts';
import type { Subject } from '../../model/finding.ts';
import type { Observation } from '../../model/observation.ts';
import { seen } from '../../model/unseen.ts';
import { isUnderOwnName } from './claim.ts';
import { explanationOf } from './explanation.ts';
import type { HostKind, HostView } from './host-view.ts';
import { lastPart } from './paths.ts';
import { orphanMarkers } from './signs/marker.ts';
import { isPackaged } from './trust.ts';

/** The kinds in which indicators are looked for, beside those of processes. */
export const MATCHED_KINDS = ['startup', 'kernel_module', 'account', 'conntrack_flow', 'program_text'] as const;
type Kind = HostKind | (typeof MATCHED_KINDS)[number];

/** An indicator that a fact of the host has. */
export interface IndicatorMatch {
  readonly indicator: Indicator;
  /** What it was found at, as a message begins. */
  readonly thing: string;
  /** The same without numbers that change. */
  readonly key: string;
  readonly subject: Subject;
  readonly says: string;
  readonly shown: readonly Shown[];
}

type At = Omit<IndicatorMatch, 'indicator' | 'says'>;

export function* indicatorMatches(facts: Facts<Kind>, view: HostView, lookup: Lookup): Generator<IndicatorMatch> {
  if (lookup.size === 0) return;
  yield* ofFiles(facts, view, lookup);
  for (const row of view.processes) yield* ofProcess(view, row, lookup);
  yield* ofStartup(facts, view, lookup);
  yield* ofNetwork(facts, view, lookup);
  for (const row of facts.each('kernel_module')) {
    const { name } = row.module;
    const at = {
      thing: `module ${name}`,
      key: name,
      subject: { module: name },
      shown: [{ observation: row, text: `module ${name}` }],
    };
    yield* told(lookup.of('module', name.replaceAll('-', '_')), at, 'is loaded under that name');
  }
  for (const row of facts.each('account')) {
    const { name, uid } = row.account;
    const at = {
      thing: `user ${name}`,
      key: name,
      subject: { user: name },
      shown: [{ observation: row, text: `${name}, uid ${uid}` }],
    };
    yield* told(lookup.of('user', name), at, 'exists under that name');
  }
  for (const row of facts.each('program_text')) {
    for (const word of row.text.found)
      yield* told(
        lookup.of('word', word),
        atPath(row.text.path, row, `holds ${JSON.stringify(word)}`),
        `holds ${JSON.stringify(word)}`,
      );
  }
}

function* ofFiles(facts: Facts<Kind>, view: HostView, lookup: Lookup): Generator<IndicatorMatch> {
  for (const row of facts.each('file_digest')) {
    const { path, md5, sha1, sha256 } = row.file;
    for (const [kind, digest] of [
      ['md5', seen(md5)],
      ['sha1', sha1],
      ['sha256', seen(sha256)],
    ] as const)
      if (digest !== undefined)
        yield* told(
          lookup.of(kind, digest),
          atPath(path, row, `${path} has ${kind} ${digest}`),
          `has the ${kind} ${digest}`,
        );
  }
  const orphans = new Set(orphanMarkers(view));
  for (const row of facts.each('file')) {
    const { path, sizeBytes } = row.file;
    const plain = path.replace(/^\/var\/run\//, '/run/');
    const at = atPath(
      path,
      row,
      `${path}: ${sizeBytes} bytes, changed ${seen(row.file.changedAt) ?? row.file.modifiedAt}`,
    );
    // A marker that a daemon of its name explains is that daemon's.
    if (orphans.has(row)) yield* told(lookup.of('marker', plain), at, 'is empty, at the place of a marker');
    if (view.ownerOf(path) !== undefined) continue;
    yield* told(pathsOf(lookup, view, plain), at, 'stands at that place');
    yield* told(lookup.of('name', lastPart(path)), at, 'has that name');
  }
}

function* ofProcess(view: HostView, row: Observation<'process'>, lookup: Lookup): Generator<IndicatorMatch> {
  const { pid, comm, exe, exeMd5, exeSha256, cmdline } = row.process;
  const program = typeof exe === 'string' ? exe : undefined;
  const line = (seen(cmdline) ?? []).join(' ').trim();
  const at: At = {
    thing: `${comm} (pid ${pid}${program === undefined ? '' : `, ${program}`})`,
    key: program ?? comm,
    subject: { pid, comm, ...(program === undefined ? {} : { exe: program }) },
    shown: [
      { observation: row, text: `pid ${pid}: ${program ?? comm}, arguments ${JSON.stringify(line.slice(0, 200))}` },
    ],
  };
  for (const [kind, digest] of [
    ['md5', seen(exeMd5)],
    ['sha256', seen(exeSha256)],
  ] as const)
    if (digest !== undefined) yield* told(lookup.of(kind, digest), at, `runs a program with the ${kind} ${digest}`);
  yield* told(lookup.inText(line), at, 'names a host of it in its arguments');
  if (program === undefined || isPackaged(view, row)) return;
  yield* told(pathsOf(lookup, view, program), at, `runs ${program}`);
  yield* told(lookup.of('name', lastPart(program)), at, `runs a program called ${lastPart(program)}`);
  if (!isUnderOwnName(view, row))
    yield* told(lookup.of('title', line), at, `goes by the arguments ${JSON.stringify(line)}`);
}

function* ofStartup(facts: Facts<Kind>, view: HostView, lookup: Lookup): Generator<IndicatorMatch> {
  for (const row of facts.each('startup')) {
    const { path, names, text } = row.startup;
    const at = atPath(path, row, `${path}: ${text.slice(0, 300)}`);
    yield* told(lookup.inText(text), at, 'names a host of it');
    for (const name of names.filter((one) => view.ownerOf(one) === undefined)) {
      const program = {
        ...at,
        subject: { path, program: name },
        thing: `${path}, which starts ${name},`,
        key: `${path} ${name}`,
      };
      yield* told([...pathsOf(lookup, view, name), ...lookup.of('name', lastPart(name))], program, 'starts it');
    }
  }
}

function* ofNetwork(facts: Facts<Kind>, view: HostView, lookup: Lookup): Generator<IndicatorMatch> {
  for (const row of view.inetSockets.values()) {
    const { protocol, localPort, remoteAddress, remotePort, inode, netns } = row.socket;
    const holder = view.holders.get(inode)?.[0];
    const who = holder ? `${holder.process.comm} (pid ${holder.process.pid})` : 'a socket';
    const subject = holder ? { pid: holder.process.pid, comm: holder.process.comm } : {};
    yield* told(
      lookup.ofAddress(remoteAddress),
      {
        thing: who,
        key: `${holder?.process.comm ?? ''} ${remoteAddress}`,
        subject: { ...subject, address: remoteAddress },
        shown: [{ observation: row, text: `${protocol} port ${localPort} to ${remoteAddress} port ${remotePort}` }],
      },
      `has a connection to ${remoteAddress}`,
    );
    const listens = (view.listeners.get(`${netns}/${protocol}/${localPort}`) ?? []).includes(row);
    const why = holder && explanationOf(view, holder);
    if (listens && (why === 'elsewhere' || why === 'foreign'))
      yield* told(
        lookup.ofPort(localPort),
        {
          thing: who,
          key: `${holder?.process.comm ?? ''} ${localPort}`,
          subject: { ...subject, port: localPort },
          shown: [{ observation: row, text: `${protocol} port ${localPort}, listens` }],
        },
        `listens at port ${localPort}`,
      );
  }
  for (const row of facts.each('conntrack_flow')) {
    const { original, protocol } = row.flow;
    for (const address of new Set([original.src, original.dst]))
      yield* told(
        lookup.ofAddress(address),
        {
          key: `${protocol} ${address}`,
          thing: `a flow of ${protocol} from ${original.src} to ${original.dst}`,
          subject: { flow: { ...original, protocol }, address },
          shown: [
            {
              observation: row,
              text: `${protocol} ${original.src} to ${original.dst} port ${original.dstPort ?? '?'}`,
            },
          ],
        },
        `has the address ${address}`,
      );
  }
}

function* told(indicators: readonly Indicator[], at: At, says: string): Generator<IndicatorMatch> {
  for (const indicator of indicators) yield { ...at, indicator, says };
}

function atPath(path: string, observation: Observation, text: string): At {
  return { thing: path, key: path, subject: { path }, shown: [{ observation, text }] };
}

/** Those of a path in any of its spellings: as it stands, with links at its head followed, and without /usr. */
function pathsOf(lookup: Lookup, view: HostView, path: string): readonly Indicator[] {
  const spellings = new Set([path, view.canonical(path), path.replace(/^\/usr(?=\/(?:s?bin|lib)\/)/, '')]);
  return [...spellings].flatMap((spelling) => lookup.of('path', spelling));
}
