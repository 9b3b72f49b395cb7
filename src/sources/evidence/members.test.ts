import { describe, expect, it } from 'vitest';
import { utf8 } from '../../lib/bytes.ts';
import { LIMITS, Members, type Member } from './members.ts';

const file = (text: string): Member => ({ type: 'file', bytes: utf8(text), cut: false, sizeBytes: text.length });
const link = (target: string): Member => ({ type: 'link', target });
const textAt = (members: Members, path: string) => {
  const found = members.file(path);
  return found && new TextDecoder().decode(found.bytes);
};

it.each([
  ['an absolute name', '/etc/passwd', 'its name is absolute'],
  ['a name of another system', 'C:\\x', 'its name is absolute'],
  ['a name that leads out', 'a/../../x', 'its name leads out of the archive'],
  ['control characters', 'a/\u001b]0;t\u0007', 'its name holds control characters'],
  ['a line feed', 'a\nb', 'its name holds control characters'],
  ['a name too long', 'x'.repeat(5000), 'its name is longer than 4096'],
  ['a name too deep', 'a/'.repeat(65), 'it lies deeper than 64 folders'],
])('leaves out %s', (_, name, reason) => {
  const members = new Members();
  members.add(name, file('x'));

  expect(members.faults.map((one) => one.reason)).toEqual([reason]);
  expect(members.size).toBe(0);
});

it('keeps names of the language apart from its own', () => {
  const members = new Members();
  members.add('__proto__/constructor', file('x'));
  members.add('toString', file('y'));

  expect([textAt(members, '__proto__/constructor'), members.names('__proto__'), members.names('')]).toEqual([
    'x',
    ['constructor'],
    ['__proto__', 'toString'],
  ]);
});

it('keeps the first of a name, and nothing below what is no folder', () => {
  const members = new Members();
  members.add('a', link('/etc'));
  members.add('a/b', file('below a link'));
  members.add('c', file('first'));
  members.add('./c', file('second'));

  expect(textAt(members, 'c')).toBe('first');
  expect(members.faults.map(({ reason }) => reason)).toEqual([
    'it lies below a, which is no folder',
    'the name comes twice; the first is read',
  ]);
});

describe('links', () => {
  const members = new Members();
  members.add('top/proc/net', link('self/net'));
  members.add('top/proc/self', link('42'));
  members.add('top/proc/42/net/packet', file('rows'));
  members.add('top/out', link('../../../etc/passwd'));
  members.add('top/loop', link('loop'));
  members.add('top/absolute', link('/proc/42/net/packet'));
  const tree = members.tree('top');

  it('are followed within', () => {
    expect(textAt(members, 'top/proc/net/packet')).toBe('rows');
    expect(tree.read('/proc/net/packet', 2)).toEqual({ bytes: utf8('ro'), cut: true });
    expect(tree.read('/absolute', 100)).toEqual({ bytes: utf8('rows'), cut: false });
  });

  it('lead nowhere but within', () => {
    expect([textAt(members, 'top/out'), textAt(members, 'top/loop'), tree.read('/out', 9), tree.list('/loop')]).toEqual(
      [undefined, undefined, 'absent', 'absent'],
    );
  });

  it('are told as they stand there', () => {
    expect(tree.stat('/proc/self')).toEqual({ type: 'link', target: '42', sizeBytes: 0 });
    expect(tree.stat('/proc/self/net/packet')).toEqual({ type: 'file', sizeBytes: 4 });
    expect(tree.list('/proc')).toEqual(['42', 'net', 'self']);
  });
});

it('tells what a listing knows of a file', () => {
  const members = new Members();
  members.add('[root]/etc/passwd', file('x'));

  expect(
    members
      .tree('[root]', (path) => (path === '/etc/passwd' ? { uid: 0, mode: 0o644 } : undefined))
      .stat('/etc/passwd'),
  ).toEqual({
    type: 'file',
    sizeBytes: 1,
    uid: 0,
    mode: 0o644,
  });
});

it('ends where there are too many, and counts what it left out', () => {
  const members = new Members({ ...LIMITS, members: 3 });
  for (let index = 0; index < 40; index++) members.add(`f${index}`, file('x'));

  expect(members.size).toBe(3);
  expect(members.faults).toHaveLength(21);
  expect(members.faults.at(-1)).toEqual({ member: '', reason: '17 more members that were left out' });
});
