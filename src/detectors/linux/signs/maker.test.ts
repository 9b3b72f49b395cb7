import { expect, it } from 'vitest';
import type { ObservationBody } from '../../../model/observations/index.ts';
import { unseen } from '../../../model/unseen.ts';
import { healthyHost, withProcess, type Traits } from '../../../testing/host.ts';
import { judged } from '../../../testing/judged.ts';
import { claimedName } from '../lone-signs.ts';
import { independentSigns } from '../independent-signs.ts';

const runsOn = (vendor: string | undefined, product = ''): ObservationBody => ({
  kind: 'machine',
  machine: {
    vendor: vendor ?? unseen('absent'),
    product: product === '' ? unseen('absent') : product,
    chassis: 1,
    hypervisor: true,
    container: null,
  },
});
const AGENT = { exe: '/usr/sbin/hpasmlited', unit: 'hp-health.service' } as const;

function told(traits: Traits, machine: ObservationBody): readonly string[] {
  const host = [...withProcess(healthyHost(), { pid: 4711, ...traits }), machine];
  return judged(host, { by: [independentSigns, claimedName] }).findings.flatMap(({ rule, level, message }) =>
    message.includes('an agent for machines of HPE') ? [`${rule} ${level}`] : [],
  );
}

it('joins with what else speaks against an agent on a machine of another maker', () => {
  expect(told(AGENT, runsOn('QEMU', 'Standard PC'))).toEqual(['linux/independent-signs medium']);
  expect(told({ ...AGENT, exe: '/opt/hp/bin/amsd' }, runsOn('Dell Inc.'))).toEqual(['linux/claimed-name low']);
});

it('knows a name that a process only claims', () => {
  const claims = { exe: '/usr/bin/perl', package: 'perl', cmdline: ['/usr/sbin/hpasmlited', '-f', '/dev/hpilo'] };

  expect(told(claims, runsOn('QEMU'))).toHaveLength(1);
});

it.each([
  ['on a machine of its maker', AGENT, runsOn('HPE', 'ProLiant DL380 Gen10')],
  ['on one whose maker is known by the product alone', AGENT, runsOn('Telecom Appliances', 'ProLiant DL380 Gen10')],
  ['on a machine of which nothing is known', AGENT, runsOn(undefined)],
  ['of a package', { ...AGENT, package: 'hp-health' }, runsOn('QEMU')],
  ['in a container, of whose packages nothing is known', { ...AGENT, sameRoot: false }, runsOn('QEMU')],
] as const)('says nothing of an agent %s', (_, traits, machine) => {
  expect(told(traits, machine)).toEqual([]);
});
