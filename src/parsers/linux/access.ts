import { createHash } from 'node:crypto';
import { linesOf } from '../../lib/lines.ts';
import { defineParser } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';
import { settingsLinesOf } from './settings-lines.ts';

/** @see pam.conf(5) */
export const pam = defineParser({
  id: 'linux/access-pam',
  summary: 'The modules that decide whether somebody may log in.',
  reads: ['files/settings'],
  yields: ['pam_entry'],
  *parse(artifact) {
    for (const { path, text, at } of settingsLinesOf(artifact)) {
      if (path !== '/etc/pam.conf' && !path.startsWith('/etc/pam.d/')) continue;
      const line = path === '/etc/pam.conf' ? text.trim().replace(/^\S+\s+/, '') : text.trim();
      if (line === '' || text.trim().startsWith('#')) continue;
      const service = path === '/etc/pam.conf' ? (text.trim().split(/\s/)[0] ?? '') : path.slice('/etc/pam.d/'.length);
      const [, included] = /^@include\s+(\S+)/.exec(line) ?? [];
      if (included !== undefined) {
        const pam = { path, service, type: 'include', control: 'include', module: included, arguments: [] };
        yield { body: { kind: 'pam_entry', pam }, at };
        continue;
      }
      const [, type, control, module, rest = ''] = /^-?(\w+)\s+(\[[^\]]*\]|\S+)\s+(\S+)(?:\s+(.*))?$/.exec(line) ?? [];
      if (type === undefined || control === undefined || module === undefined) continue;
      const words = rest.split(/\s+/).filter((word) => word !== '');
      yield { body: { kind: 'pam_entry', pam: { path, service, type, control, module, arguments: words } }, at };
    }
  },
});

/** @see nsswitch.conf(5) */
export const nameServices = defineParser({
  id: 'linux/access-names',
  summary: 'Where users, groups and hosts are looked up.',
  reads: ['files/settings'],
  yields: ['name_service'],
  *parse(artifact) {
    for (const { path, text, at } of settingsLinesOf(artifact)) {
      const [, database, sources] =
        path === '/etc/nsswitch.conf' ? (/^\s*(\w+):(.*)$/.exec(text.replace(/#.*/, '')) ?? []) : [];
      if (database === undefined || sources === undefined) continue;
      const services = sources
        .replace(/\[[^\]]*\]/g, ' ')
        .split(/\s+/)
        .filter((word) => word !== '');
      yield { body: { kind: 'name_service', nss: { database, services } }, at };
    }
  },
});

const KEY = /^(.*?)((?:ssh|ecdsa|sk)-[\w@.-]+)\s+([A-Za-z0-9+/]+={0,2})(?:\s+(.*))?$/;

/** @see sshd(8), AUTHORIZED_KEYS FILE FORMAT */
export const authorizedKeys = defineParser({
  id: 'linux/access-keys',
  summary: 'Keys that open an account without a password.',
  reads: ['files/settings'],
  yields: ['authorized_key'],
  *parse(artifact) {
    for (const { path, text, at } of settingsLinesOf(artifact)) {
      if (!/\/authorized_keys2?$/.test(path) || /^\s*(?:#|$)/.test(text)) continue;
      const [, options = '', type, blob, comment = ''] = KEY.exec(text.trim()) ?? [];
      if (type === undefined || blob === undefined) continue;
      const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '');
      const key = { path, type, fingerprint: `SHA256:${digest}`, comment, options: options.trim() };
      yield { body: { kind: 'authorized_key', key }, at };
    }
  },
});

/** @see sudoers(5), doas.conf(5) */
export const privileges = defineParser({
  id: 'linux/access-privileges',
  summary: 'Who may act as another user.',
  reads: ['files/settings'],
  yields: ['privilege_rule'],
  *parse(artifact) {
    for (const { path, text, at } of settingsLinesOf(artifact)) {
      const line = text.trim();
      if (line === '' || line.startsWith('#')) continue;
      if (path === '/etc/sudoers' || path.startsWith('/etc/sudoers.d/')) {
        const [, who, what] = /^([^\s=]+)\s+[^=]+=\s*(.*)$/.exec(line) ?? [];
        if (who === undefined || what === undefined || /^(?:Defaults|\w+_Alias)/.test(line)) continue;
        const privilege = {
          path,
          who,
          text: line,
          withoutPassword: /\bNOPASSWD\b/.test(what),
          everything: /(?:^|[\s:,)])ALL\s*$/.test(what),
        };
        yield { body: { kind: 'privilege_rule', privilege }, at };
      } else if (path === '/etc/doas.conf' && line.startsWith('permit')) {
        const words = line.split(/\s+/);
        const who = words.slice(1).find((word) => !/^(?:nopass|nolog|persist|keepenv|setenv)$/.test(word)) ?? '';
        const privilege = {
          path,
          who,
          text: line,
          withoutPassword: words.includes('nopass'),
          everything: !words.includes('cmd'),
        };
        yield { body: { kind: 'privilege_rule', privilege }, at };
      }
    }
  },
});

const STATES = new Set(['set', 'locked', 'none']);

/** @see passwd(5) */
export const accounts = defineParser({
  id: 'linux/access-accounts',
  summary: 'The users of the host, and whether a password opens them.',
  reads: ['/etc/passwd'],
  beside: ['command/shadow-states'],
  yields: ['account'],
  *parse(artifact, beside) {
    const shadow = beside('command/shadow-states');
    const states = new Map(
      shadow &&
        [...linesOf(shadow.bytes)].map(({ text }) => [
          text.slice(0, text.lastIndexOf(':')),
          text.slice(text.lastIndexOf(':') + 1),
        ]),
    );
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [name = '', hash = '', uid = '', gid = '', , home = '', shell = ''] = text.split(':');
      if (name === '' || name.startsWith('#') || !/^\d{1,10}$/.test(uid) || !/^\d{1,10}$/.test(gid)) continue;
      const state = states.get(name) ?? '';
      const password =
        hash === ''
          ? 'none'
          : hash !== 'x'
            ? /^[!*]/.test(hash)
              ? 'locked'
              : 'set'
            : STATES.has(state)
              ? (state as 'set' | 'locked' | 'none')
              : shadow === undefined
                ? unseen('absent')
                : 'elsewhere';
      yield {
        body: { kind: 'account', account: { name, uid: Number(uid), gid: Number(gid), home, shell, password } },
        at: { offset, line: number },
      };
    }
  },
});
