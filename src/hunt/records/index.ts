import type { WireService } from '../../model/observations/traffic.ts';
import type { Scene, WatcherKind } from '../watcher.ts';
import { connWatcher } from './conn.ts';
import { conversations } from './conversations.ts';
import { datagramWatcher } from './datagrams.ts';
import { DnsRecords, dnsWatcher } from './dns.ts';
import { dnsTalk, tacacsTalk } from './framed.ts';
import { httpTalk } from './http.ts';
import type { Recorder } from './record.ts';
import { smtpTalk } from './smtp.ts';
import { sshTalk } from './ssh.ts';
import { tlsTalk } from './tls.ts';

/** Services whose records come of connections of TCP, and of datagrams that stand for themselves. */
const OF_TALKS: readonly WireService[] = ['http', 'ssl', 'x509', 'ssh', 'smtp', 'dns', 'tacacs'];
const OF_DATAGRAMS: readonly WireService[] = ['snmp', 'radius', 'ntp', 'tftp'];

/** What makes the records that are asked for; where nothing is, nothing is looked at. */
export function recordWatchers(recorder: Recorder): readonly WatcherKind[] {
  const wants = (services: readonly WireService[]) => services.some((service) => recorder.services.has(service));
  return [
    ...(wants(OF_TALKS) ? talking(recorder) : []),
    ...(wants(OF_DATAGRAMS) ? [datagramWatcher(recorder)] : []),
    ...(wants(['conn']) ? [connWatcher(recorder)] : []),
  ];
}

/** Queries over TCP and in datagrams are paired by the same hand. */
function talking(recorder: Recorder): readonly WatcherKind[] {
  let records: DnsRecords | undefined;
  const recordsOf = (scene: Scene) => (records ??= new DnsRecords(recorder, scene));
  const kindsOf = (scene: Scene) => [httpTalk, tlsTalk, sshTalk(), smtpTalk, tacacsTalk(), dnsTalk(recordsOf(scene))];
  return [conversations(kindsOf, recorder), ...(recorder.services.has('dns') ? [dnsWatcher(recordsOf)] : [])];
}
