import type { Subject } from '../model/finding.ts';
import type { Observation } from '../model/observation.ts';
import { etherTypeText } from '../packets/ether-type.ts';
import { isUnseen, seen } from '../model/unseen.ts';

/** The thing that an observation is about, in the keys of a finding's subject. */
export function subjectOf(row: Observation): Subject {
  switch (row.kind) {
    case 'process': {
      const exe = seen(row.process.exe);
      return { pid: row.process.pid, comm: row.process.comm, ...(typeof exe === 'string' ? { exe } : {}) };
    }
    case 'mapped_file':
      return { pid: row.mapped.pid, path: row.mapped.path };
    case 'bpf_program':
      return { program: row.program.tag, ...(row.program.pid === undefined ? {} : { pid: row.program.pid }) };
    case 'kernel_wait':
      return { pid: row.wait.pid };
    case 'hidden_process':
      return { pid: row.hidden.pid, comm: row.hidden.comm };
    case 'file':
    case 'file_digest':
      return { path: row.file.path };
    case 'package_file':
      return { path: row.owned.path, package: row.owned.package };
    case 'file_capability':
      return { path: row.capability.path };
    case 'unowned_file':
      return { path: row.unowned.path };
    case 'replaced_file':
      return { path: row.replaced.path };
    case 'program_link':
      return { path: row.link.path };
    case 'login_shell':
      return { path: row.shell.path };
    case 'mount':
      return { path: row.mount.point };
    case 'unit':
      return { unit: row.unit.name, path: row.unit.path };
    case 'packet_socket':
      return { socket: isUnseen(row.socket.protocol) ? 'packet' : `packet ${etherTypeText(row.socket.protocol)}` };
    case 'inet_socket':
      return { socket: `${row.socket.protocol} ${row.socket.localAddress}:${row.socket.localPort}` };
    case 'unix_socket':
      return { socket: `unix ${row.socket.path ?? row.socket.inode}` };
    case 'socket_filter':
      return { socket: `inode ${row.filter.inode}` };
    case 'host':
      return { host: row.about.hostname };
    case 'machine':
      return { host: 'machine' };
    case 'security_module':
      return { host: 'security modules' };
    case 'startup':
      return {
        path: row.startup.path,
        ...(row.startup.names[0] === undefined ? {} : { program: row.startup.names[0] }),
      };
    case 'pam_entry':
      return { path: row.pam.path, module: row.pam.module };
    case 'name_service':
      return { database: row.nss.database };
    case 'account':
      return { user: row.account.name };
    case 'authorized_key':
      return { path: row.key.path, key: row.key.fingerprint };
    case 'privilege_rule':
      return { path: row.privilege.path, user: row.privilege.who };
    case 'last_login':
      return { user: isUnseen(row.login.uid) ? '?' : String(row.login.uid), path: '/var/log/lastlog' };
    case 'login_log':
      return { path: row.log.path };
    case 'kernel_module':
      return { module: row.module.name };
    case 'kernel_state':
      return { kernel: 'state' };
    case 'kernel_message':
      return { message: row.message.text };
    case 'firewall_rule':
      return { rule: row.rule.text };
    case 'conntrack_flow': {
      const { original, protocol } = row.flow;
      return { flow: { ...original, protocol } };
    }
    case 'route':
      return { route: `${row.route.destination}/${row.route.prefix}` };
    case 'neighbour':
      return { address: row.neighbour.address };
    case 'socket_count':
      return { protocol: row.count.protocol };
    case 'package_change':
      return { path: row.change.path };
    case 'program_text':
      return { path: row.text.path, ...(row.text.pid === undefined ? {} : { pid: row.text.pid }) };
    case 'network_event': {
      const { host, peer, srcPort, dstPort, protocol } = row.event;
      return {
        flow: {
          src: host,
          ...(srcPort === undefined ? {} : { srcPort }),
          dst: peer,
          ...(dstPort === undefined ? {} : { dstPort }),
          protocol,
        },
      };
    }
    case 'wire_record': {
      const { host, srcPort, peer, dstPort, protocol } = row.wire;
      return { flow: { src: host, srcPort, dst: peer, dstPort, protocol } };
    }
    case 'pid_sweep':
      return { sweep: `up to ${row.sweep.upTo}` };
  }
}
