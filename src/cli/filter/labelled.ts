import type { Paper, Style } from '../../lib/paper.ts';

const LABEL_WIDTH = 13;

/** Texts below each other behind one label. */
export function* labelled(paper: Paper, label: string, texts: readonly string[], style: Style = []): Generator<string> {
  for (const [index, text] of texts.entries()) {
    yield* paper.block(`  ${(index === 0 ? label : '').padEnd(LABEL_WIDTH)}`, text, { style });
  }
}
