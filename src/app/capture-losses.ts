import type { Watch } from '../hunt/watch.ts';
import type { ParserGap } from '../model/parser.ts';
import type { CaptureAbout } from '../model/result.ts';
import type { CaptureIssue } from '../packets/capture/read.ts';
import type { ShareSaid } from './capture-share.ts';

/** A capture of nothing but damage would fill memory; what is beyond is counted in one last issue. */
const MOST_ISSUES = 1000;

/** What was noted of a capture that could not be read. */
export class Noted {
  readonly #issues: CaptureIssue[] = [];
  #beyond = 0;

  readonly note = (issue: CaptureIssue): void => {
    if (this.#issues.length < MOST_ISSUES) this.#issues.push(issue);
    else this.#beyond += 1;
  };

  get issues(): readonly CaptureIssue[] {
    const last = this.#issues.at(-1);
    if (this.#beyond === 0 || last === undefined) return this.#issues;
    return [...this.#issues, { reason: `${this.#beyond} further faults`, offset: last.offset }];
  }
}

/** What of the capture no watcher saw, or not to its end: so much less is "clear". */
export function lossesOf(
  { lost: own, flowCount }: Watch,
  artifact: string,
  { links, frames }: CaptureAbout,
  { issues }: Noted,
  other: Pick<ShareSaid, 'watched' | 'beyond'> = { watched: 0, beyond: 0 },
): readonly ParserGap[] {
  const lost = { ...own, watched: own.watched + other.watched, events: own.events + other.beyond };
  const gap = (detail: string, missing: number) => ({ gap: 'truncated' as const, artifact, detail, missing });
  const unread = links
    .filter(({ read }) => !read)
    .map((link) => ({
      gap: 'unsupported' as const,
      artifact,
      detail: `${link.frames} frames begin as ${link.name}, which is not read`,
      missing: link.frames / frames,
    }));
  return [
    ...unread,
    ...(issues.length > 0 ? [gap('it was not read to its end', 0.5)] : []),
    ...(lost.flows > 0
      ? [gap(`${lost.flows} flows were given up for want of memory before they ended`, lost.flows / flowCount)]
      : []),
    ...(lost.watched > 0 ? [gap(`${lost.watched} pairs of hosts were forgotten for want of memory`, 0.1)] : []),
    ...(lost.fragments > 0
      ? [
          gap(
            `${lost.fragments} datagrams in fragments were not put together before others took their place`,
            lost.fragments / frames,
          ),
        ]
      : []),
    ...(lost.addresses ? [gap('it has more addresses than are told apart', 0.1)] : []),
    ...(lost.events > 0 ? [gap(`${lost.events} further events were not judged`, 0.1)] : []),
  ];
}
