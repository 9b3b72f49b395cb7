import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isOf, isOfAnother } from './realms.ts';

it.each([
  ['mme1.epc.test', 'epc.test', true],
  ['EPC.test', 'epc.TEST', true],
  ['mme1.far.test', 'epc.test', false],
  ['evilepc.test', 'epc.test', false],
  ['mme.node.mnc001.mcc262.3gppnetwork.test', 'epc.mnc001.mcc262.3gppnetwork.test', true],
  ['mme.node.mnc002.mcc262.3gppnetwork.test', 'epc.mnc001.mcc262.3gppnetwork.test', false],
])('judges whether %s is of %s', (host, realm, of) => expect(isOf(host, realm)).toBe(of));

it.each([
  ['262011234567890', 'epc.mnc001.mcc262.test', false],
  ['310150123456789', 'epc.mnc150.mcc310.test', false],
  ['262021234567890', 'epc.mnc001.mcc262.test', true],
  ['262011234567890', 'epc.mnc001.mcc310.test', true],
  ['262011234567890', 'epc.test', false],
  ['somebody@test', 'epc.mnc001.mcc262.test', false],
])('judges whether %s is of another network than %s', (user, realm, of) => expect(isOfAnother(user, realm)).toBe(of));

it('never throws, whatever the names', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (one, other) => void [isOf(one, other), isOfAnother(one, other)]));
});
