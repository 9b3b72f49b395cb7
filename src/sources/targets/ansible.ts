import type { Target } from '../../model/target.ts';
import { hostsOf } from './host-range.ts';
import { pairOf, placeOf, targetOf, TARGETS_LIMIT, wordsOf, type BadLine, type TargetsRead } from './reading.ts';

type Said = Map<string, string>;

/** A host as the lines of an inventory describe it; those of several groups say one thing together. */
interface Host {
  readonly line: number;
  readonly groups: string[];
  readonly said: Said;
}

interface Group {
  readonly said: Said;
  readonly parents: Set<string>;
}

interface Inventory {
  readonly hosts: Map<string, Host>;
  readonly groups: Map<string, Group>;
  readonly bad: BadLine[];
}

/**
 * The hosts of an Ansible inventory in INI form: groups, children, variables of groups, ranges of names. Its group is the
 * role of a host unless `role=` says otherwise; `site=` says where it stands. Variables for other ways of connecting, such
 * as keys and bastions, are left to the ssh configuration of the user.
 *
 * @see the ansible.builtin.ini inventory plugin
 */
export function ansibleTargets(text: string): TargetsRead {
  const inventory: Inventory = { hosts: new Map(), groups: new Map(), bad: [] };
  let [section, kind] = ['ungrouped', 'hosts'];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const content = raw.replace(/^\s*;.*/, '').trim();
    const header = /^\[([^\]:]+)(?::(\w+))?\]\s*(?:#.*)?$/.exec(content);
    if (header) [section, kind] = [header[1]?.trim() ?? '', header[2] ?? 'hosts'];
    const words = header ? [] : wordsOf(content);
    if (words.length === 0) continue;
    if (kind === 'hosts') addHosts(inventory, section, words, line);
    else if (kind === 'children') group(inventory, words[0] ?? '').parents.add(section);
    else if (kind === 'vars') addVariable(group(inventory, section).said, content);
    else
      inventory.bad.push({
        line,
        reason: `[${section}:${kind}] is no section`,
        remedy: 'it is hosts, children or vars',
      });
  }
  const targets: Target[] = [];
  const bad = [...inventory.bad];
  for (const [name, host] of inventory.hosts) {
    const target = hostTarget(name, host, inventory);
    if ('reason' in target) bad.push({ line: host.line, ...target });
    else targets.push(target);
  }
  return { targets, bad: bad.sort((a, b) => a.line - b.line) };
}

function addHosts({ hosts, bad }: Inventory, section: string, [pattern = '', ...rest]: string[], line: number): void {
  const [, name = pattern, port] = /^([^:]+|.*\]):(\d{1,5})$/.exec(pattern) ?? [];
  const names = hostsOf(name, TARGETS_LIMIT - hosts.size);
  if (names === undefined) {
    bad.push({
      line,
      reason: `${JSON.stringify(name.slice(0, 100))} names no hosts, or more than ${TARGETS_LIMIT} in all`,
      remedy: 'write a range as [01:40] or [a:f]',
    });
    return;
  }
  const pairs = rest.map(pairOf).filter((pair) => pair !== undefined);
  for (const one of names) {
    const known = hosts.get(one) ?? { line, groups: [], said: new Map<string, string>() };
    hosts.set(one, known);
    known.groups.push(section);
    if (port !== undefined) known.said.set('ansible_port', port);
    for (const [key, value] of pairs) known.said.set(key, value);
  }
}

function addVariable(said: Said, content: string): void {
  const [key, value] = pairOf(content) ?? ['', ''];
  said.set(key.trim(), wordsOf(value)[0] ?? '');
}

function group({ groups }: Inventory, name: string): Group {
  const known = groups.get(name) ?? { said: new Map(), parents: new Set() };
  groups.set(name, known);
  return known;
}

/** What is said of a host itself counts more than what its group says, that more than what the groups around it say. */
function hostTarget(name: string, host: Host, { groups }: Inventory): Target | Omit<BadLine, 'line'> {
  const around = new Set(host.groups);
  for (const one of around) for (const parent of groups.get(one)?.parents ?? []) around.add(parent);
  around.delete('all');
  const said = new Map([...around, 'all'].toReversed().flatMap((one) => [...(groups.get(one)?.said ?? [])]));
  for (const [key, value] of host.said) said.set(key, value);
  const of = (word: string) => said.get(`ansible_${word}`) ?? said.get(`ansible_ssh_${word}`);
  if ((said.get('ansible_connection') ?? 'ssh').replace(/^(smart|paramiko.*|.*\.ssh)$/, 'ssh') !== 'ssh')
    return { reason: `${name} is not reached by ssh`, remedy: 'look at it by itself, with longwatch scan there' };
  const role = said.get('role') ?? host.groups.find((one) => one !== 'all' && one !== 'ungrouped');
  if (role !== undefined) said.set('role', role);
  const [user, address] = [of('user'), of('host') ?? name];
  return targetOf(user === undefined ? address : `${user}@${address}`, { port: of('port'), place: placeOf(said) });
}
