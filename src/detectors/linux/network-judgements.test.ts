import { expect, it } from 'vitest';
import { unseen } from '../../model/unseen.ts';
import { GUEST } from '../../testing/cases.ts';
import { healthyHost, listener, without, withProcess, type Host } from '../../testing/host.ts';
import { judged, told } from '../../testing/judged.ts';
import {
  huntedNetworks,
  innocentNetworks,
  remarkedNetworks,
  firewallRule,
  flow,
  redirect,
} from '../../testing/network-cases.ts';
import { firewallOpening } from './firewall-opening.ts';
import { redirectResidue } from './redirect-residue.ts';
import { redirectedPort } from './redirected-port.ts';

const by = [firewallOpening, redirectResidue, redirectedPort];
const ids = by.map(({ id }) => id);

it.each([...huntedNetworks, ...remarkedNetworks, ...innocentNetworks])('$name', ({ host, expected }) => {
  expect(told(judged(host, { by }).findings)).toEqual(expected.filter(([rule]) => ids.includes(rule)));
});

const ONE = { sources: ['198.51.100.9'] };
const known = (port: number): Host =>
  withProcess(healthyHost(), { pid: GUEST, exe: '/usr/sbin/helpd', sockets: [listener('tcp', port)] });

it('knows the same detour again, whatever its port and its listener', () => {
  const idOf = (port: number) =>
    judged([...known(port), redirect(22, port, ONE)], { by: [redirectedPort] }).findings.map(({ id }) => id);

  expect(idOf(40_611)).toEqual(idOf(40_990));
});

it('remarks on the published range, which changes no level', () => {
  const [inside, outside] = [42_611, 40_611].map((port) =>
    judged([...known(port), redirect(22, port, ONE)], { by: [redirectedPort] }).findings.map(({ level, evidence }) => [
      level,
      evidence.some(({ text }) => text.includes('BPFDoor')),
    ]),
  );

  expect([inside, outside]).toEqual([[['high', true]], [['high', false]]]);
});

it('looks in every namespace where that of the rule is not known', () => {
  const host = [...known(40_611), redirect(22, 40_611, { ...ONE, netns: unseen('unsupported') })];

  expect(judged(host, { by: [redirectedPort] }).findings.map(({ level }) => level)).toEqual(['high']);
});

it.each([
  ['takes a low port for served where no socket was seen', redirect(22, 40_611, ONE), 'medium'],
  ['does not take a high one for it', redirect(2222, 40_611, ONE), 'low'],
] as const)('%s', (_, rule, level) => {
  const host = [...without(healthyHost(), 'inet_socket'), rule];

  expect(judged(host, { by: [redirectedPort], missing: ['inet_socket'] }).findings.map((one) => one.level)).toEqual([
    level,
  ]);
});

it('says less of a flow where the rules were not seen, and nothing of one to another host', () => {
  const levels = (host: Host) =>
    judged(host, { by: [redirectResidue], missing: ['firewall_rule'] }).findings.map(({ level }) => level);

  expect(levels([...known(40_611), flow(22, 40_611)])).toEqual(['medium']);
  expect(levels([...healthyHost(), flow(22, 40_611)])).toEqual(['low']);
  expect(levels([...healthyHost(), flow(8443, 443, { src: '172.17.0.2' })])).toEqual([]);
});

it('tells of a flow that nothing leads to another host, as balancers without rules have it', () => {
  const host = [...healthyHost(), firewallRule({ action: 'drop' }), flow(8443, 443, { src: '10.42.0.7' })];

  expect(judged(host, { by: [redirectResidue] }).findings.map(({ level }) => level)).toEqual(['informational']);
});

it.each([
  [redirectedPort, 'firewall_rule'],
  [firewallOpening, 'firewall_rule'],
  [redirectResidue, 'firewall_rule'],
  [redirectResidue, 'conntrack_flow'],
] as const)('is not clear without what it needs', (detector, kind) => {
  const verdictOf = (missing: readonly (typeof kind)[]) =>
    judged(healthyHost(), { by: [detector], missing }).verdicts.get(detector.id)?.verdict;

  expect(verdictOf([])).toBe('clear');
  expect(verdictOf([kind])).toBe('not_covered');
});
