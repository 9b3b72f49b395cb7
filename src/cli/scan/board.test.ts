import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { boardOf, type Board } from './board.ts';

/** What is on a terminal of 40 columns after some work: lines of text, with those taken away that were. */
async function screen(total: number, work: (board: Board) => void | Promise<void>, rows = 24): Promise<string[]> {
  let lines = [''];
  const terminal = new Writable({
    write(part, _encoding, done) {
      for (const piece of String(part).split(/(\x1b\[\d+A\x1b\[J|\n)/)) {
        const up = /^\x1b\[(\d+)A/.exec(piece);
        if (up) lines = [...lines.slice(0, lines.length - 1 - Number(up[1])), ''];
        else if (piece === '\n') lines.push('');
        else lines.push(`${lines.pop()}${piece}`);
      }
      done();
    },
  });
  await work(boardOf({ progress: Object.assign(terminal, { isTTY: true, columns: 60, rows }) }, total));
  return lines.slice(0, -1);
}

it('shows a line for each host that is worked on, below those that are done', async () => {
  const shown = await screen(3, (board) => {
    board.state('root@hss1', 'connecting');
    board.state('root@hss2', 'connecting');
    board.state('root@hss1', 'looking');
    board.done('root@hss2', 'failed: no route');
  });

  expect(shown).toEqual([
    `${'root@hss2'.padEnd(32)}  failed: no route`,
    `${'root@hss1'.padEnd(32)}  looking`,
    '1 of 3 hosts',
  ]);
});

it('leaves what is done of several hosts, and nothing of one', async () => {
  const both = (board: Board) => {
    board.state('this host', 'looking');
    board.done('this host', 'judged');
    board.stop();
  };

  expect(await screen(2, both)).toEqual([`${'this host'.padEnd(32)}  judged`]);
  expect(await screen(1, both)).toEqual([]);
});

it('makes room for a question', async () => {
  let during: string[] = [];
  const after = await screen(2, async (board) => {
    board.state('a', 'connecting');
    await board.aside(async () => {
      board.state('b', 'looking');
      during = await screen(2, () => {});
    });
  });

  expect([during, after.map((line) => line.replace(/ +/, ' '))]).toEqual([
    [],
    ['a connecting', 'b looking', '0 of 2 hosts'],
  ]);
});

it('stays within the screen, and acts on no escape', async () => {
  const shown = await screen(
    50,
    (board) => {
      for (let host = 0; host < 50; host++) board.state(`\x1b[2J${'x'.repeat(80)}${host}`, 'looking');
    },
    10,
  );

  expect(shown).toHaveLength(8);
  expect(shown[0]).toBe(`\\x1b[2J${'x'.repeat(59 - 7)}`);
});

it('shows nothing where there is no terminal', async () => {
  const board = boardOf({ progress: undefined }, 3);
  board.state('a', 'looking');

  expect(await board.aside(async () => 'asked')).toBe('asked');
});
