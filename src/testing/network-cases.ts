import type { ObservationBody } from '../model/observations/index.ts';
import type { BodyOf } from '../model/observation.ts';
import type { Case } from './cases.ts';
import { GUEST } from './cases.ts';
import { connection, healthyHost, HOST_NETNS, listener, withProcess, type Host, type Traits } from './host.ts';

type Rule = BodyOf<'firewall_rule'>['rule'];

/** A rule of iptables that sends what is for one TCP port to another one of the host. */
export function redirect(port: number, toPort: number, more: Partial<Rule> = {}): ObservationBody {
  return firewallRule({
    table: 'nat',
    chain: 'PREROUTING',
    hook: 'prerouting',
    action: 'redirect',
    protocol: 'tcp',
    ports: [[port, port]],
    toPort,
    text: `-A PREROUTING -p tcp --dport ${port} -j REDIRECT --to-ports ${toPort}`,
    ...more,
  });
}

const RULE: Rule = {
  netns: HOST_NETNS,
  family: 'ip',
  table: 'filter',
  chain: 'INPUT',
  action: 'accept',
  sources: [],
  ports: [],
  text: '-A INPUT -j ACCEPT',
};

export function firewallRule(more: Partial<Rule>): ObservationBody {
  return { kind: 'firewall_rule', rule: { ...RULE, hook: 'input', ...more } };
}

/** A rule in a chain that others jump to. */
function jumpedTo(more: Partial<Rule>): ObservationBody {
  return { kind: 'firewall_rule', rule: { ...RULE, chain: 'input', ...more } };
}

/** A rule of nft, whose base chains are called as their author likes. */
function ofNft(more: Partial<Rule>): ObservationBody {
  return firewallRule({ family: 'inet', table: 'fw', chain: 'from_outside', ...more });
}

type Flow = BodyOf<'conntrack_flow'>['flow'];
const CLIENT = '198.51.100.9';
const HERE = '192.0.2.10';

/** A flow of TCP to a port of the host, answered from another port. */
export function flow(dstPort: number, answeredFrom: number, reply: Partial<Flow['reply']> = {}): ObservationBody {
  return {
    kind: 'conntrack_flow',
    flow: {
      netns: HOST_NETNS,
      protocol: 'tcp',
      state: 'ESTABLISHED',
      original: { src: CLIENT, srcPort: 40_001, dst: HERE, dstPort },
      reply: { src: HERE, srcPort: answeredFrom, dst: CLIENT, dstPort: 40_001, ...reply },
    },
  };
}

const ONE = ['198.51.100.9/32'];
const PORT = 40_611;
const behind = (traits: Partial<Traits> & Pick<Traits, 'exe'>, host: Host = healthyHost()): Host =>
  withProcess(host, { pid: GUEST, sockets: [listener('tcp', PORT)], ...traits });
const LURKING = { exe: '/usr/lib/sess-helper', unit: 'session-3.scope' } as const;
const subject = { pid: GUEST, comm: 'sess-helper', port: PORT };
const ORIGIN = ['linux/program-origin', 'low', { pid: GUEST, comm: 'sess-helper', exe: LURKING.exe }] as const;

export const huntedNetworks: readonly Case[] = [
  {
    name: 'redirect: the port of a daemon, for one address, to a program of no package',
    host: [...behind(LURKING), redirect(22, PORT, { sources: ONE })],
    expected: [ORIGIN, ['linux/redirected-port', 'high', subject]],
  },
  {
    name: 'redirect: a port that nobody serves, for one address, to a program of no package',
    host: [...behind(LURKING), redirect(4444, PORT, { sources: ONE })],
    expected: [ORIGIN, ['linux/redirected-port', 'high', subject]],
  },
  {
    name: 'redirect: the port of a daemon, for one address, to where nobody listens',
    host: [...healthyHost(), redirect(22, PORT, { sources: ONE })],
    expected: [['linux/redirected-port', 'medium', { port: PORT }]],
  },
  {
    name: 'redirect: for some networks, to a program of no package',
    host: [...behind(LURKING), redirect(443, PORT, { sources: ['198.51.100.0/24'] })],
    expected: [ORIGIN, ['linux/redirected-port', 'medium', subject]],
  },
  {
    name: 'redirect: to the loopback address, to a shell',
    host: [
      ...behind({ exe: '/usr/bin/bash', package: 'bash', cmdline: ['bash', '/srv/job'] }),
      redirect(443, PORT, { action: 'dnat', toAddress: '127.0.0.1', sources: ONE }),
    ],
    expected: [['linux/redirected-port', 'high', { pid: GUEST, comm: 'bash', port: PORT }]],
  },
  {
    name: 'redirect: the rule is gone, the flow lives on',
    host: [...withSession(), flow(22, PORT)],
    expected: [
      ORIGIN,
      [
        'linux/redirect-residue',
        'high',
        {
          ...subject,
          flow: { src: CLIENT, srcPort: 40_001, dst: HERE, dstPort: 22, protocol: 'tcp' },
        },
      ],
    ],
  },
  {
    name: 'opening: one foreign address before all rules, and a redirect for it',
    host: [
      ...healthyHost(),
      firewallRule({ sources: ONE }),
      firewallRule({ protocol: 'tcp', ports: [[22, 22]] }),
      firewallRule({ action: 'drop' }),
      redirect(22, PORT, { sources: ONE }),
    ],
    expected: [
      ['linux/firewall-opening', 'medium', { address: ONE[0] }],
      ['linux/redirected-port', 'medium', { port: PORT }],
    ],
  },
];

/** What is worth a remark alone. */
export const remarkedNetworks: readonly Case[] = [
  {
    name: 'opening: in a base chain of nft under a name of its own',
    host: [...healthyHost(), ofNft({ sources: ['198.51.100.9'] }), ofNft({ action: 'drop' })],
    expected: [['linux/firewall-opening', 'low', { address: '198.51.100.9' }]],
  },
];

/** The listener is gone as well: what is left is the connection. */
function withSession(): Host {
  return behind({ ...LURKING, sockets: [connection(PORT, CLIENT, 40_001)] });
}

const VENDOR = { exe: '/opt/vendor/bin/portal', unit: 'portal.service' } as const;
const PROXY = { exe: '/usr/sbin/squid', package: 'squid' } as const;

export const innocentNetworks: readonly Case[] = [
  {
    name: 'redirect: for everybody, to a program of a package',
    host: [...behind(PROXY), redirect(80, PORT)],
    expected: [],
  },
  {
    name: 'redirect: for a network, to a proxy of a package',
    host: [...behind(PROXY), redirect(80, PORT, { sources: ['10.1.0.0/16'] })],
    expected: [],
  },
  {
    name: 'redirect: for everybody, to software of a vendor',
    host: [...behind(VENDOR), redirect(443, PORT)],
    expected: [],
  },
  {
    name: 'redirect: for a balancer of one address, to software of a vendor',
    host: [...behind(VENDOR), redirect(4433, PORT, { sources: ['10.1.0.5'] })],
    expected: [['linux/redirected-port', 'low', { pid: GUEST, comm: 'portal', port: PORT }]],
  },
  {
    name: 'redirect: into a container',
    host: [
      ...healthyHost(),
      redirect(8443, 443, { action: 'dnat', chain: 'DOCKER', toAddress: '172.17.0.2' }),
      flow(8443, 443, { src: '172.17.0.2' }),
    ],
    expected: [],
  },
  {
    name: 'redirect: for all others than one address',
    host: [...behind(VENDOR), redirect(443, PORT, { sources: ['! 10.1.0.5'] })],
    expected: [],
  },
  {
    name: 'redirect: the flow of a rule that is there',
    host: [...behind(VENDOR), redirect(8444, PORT), flow(8444, PORT)],
    expected: [],
  },
  {
    name: 'redirect: a flow by a map of nft',
    host: [...healthyHost(), firewallRule({ table: 'nat', action: 'dnat' }), flow(8444, 31_000, { src: '10.42.0.7' })],
    expected: [],
  },
  { name: 'flow of a daemon', host: [...healthyHost(), flow(22, 22)], expected: [] },
  {
    name: 'flow that was hidden behind another address',
    host: [...healthyHost(), flow(443, 443, { dst: '203.0.113.1', dstPort: 61_000 })],
    expected: [],
  },
  {
    name: 'opening: an address of the inside, and one behind other rules',
    host: [
      ...healthyHost(),
      firewallRule({ sources: ['10.1.2.3'] }),
      firewallRule({ text: '-A INPUT -i lo -j ACCEPT' }),
      firewallRule({ sources: ONE }),
      firewallRule({ action: 'drop' }),
    ],
    expected: [],
  },
  {
    name: 'opening: an office, before all rules',
    host: [...healthyHost(), firewallRule({ sources: ONE }), firewallRule({ action: 'drop' })],
    expected: [['linux/firewall-opening', 'low', { address: ONE[0] }]],
  },
  {
    name: 'opening: in a chain of users that is called input',
    host: [...healthyHost(), jumpedTo({ sources: ONE }), jumpedTo({ action: 'drop' })],
    expected: [],
  },
  {
    name: 'opening: a list of who may enter and nothing else',
    host: [...healthyHost(), firewallRule({ sources: ONE }), firewallRule({ sources: ['203.0.113.7'] })],
    expected: [],
  },
];
