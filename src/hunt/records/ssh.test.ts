import { expect, it } from 'vitest';
import { connection, fieldsOf, recordsOf } from '../../testing/recorded.ts';

const talk = (server: string, client = 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n') =>
  connection(57722, [{ says: server }, { up: true, says: client }]);

it('tells what both ends call themselves, on any port', async () => {
  expect(fieldsOf((await recordsOf(talk('SSH-2.0-dropbear_2022.83\r\n'))).records, 'ssh')).toEqual([
    { version: 2, client: 'SSH-2.0-OpenSSH_9.2p1 Debian-2', server: 'SSH-2.0-dropbear_2022.83' },
  ]);
});

it('knows the client where a server says something else before its greeting', async () => {
  expect(fieldsOf((await recordsOf(talk('Welcome to this server\r\nSSH-2.0-Go\r\n'))).records, 'ssh')).toEqual([
    { version: 2, client: 'SSH-2.0-OpenSSH_9.2p1 Debian-2' },
  ]);
});

it('remembers what a port called itself before', async () => {
  const frames = ['SSH-2.0-A\r\n', 'SSH-2.0-A\r\n', 'SSH-2.0-B\r\n'].flatMap((server, index) =>
    connection(57722, [{ says: server }], ['192.0.2.1', 40_000 + index]),
  );

  expect(fieldsOf((await recordsOf(frames)).records, 'ssh')).toEqual([
    { version: 2, server: 'SSH-2.0-A' },
    { version: 2, server: 'SSH-2.0-A' },
    { version: 2, server: 'SSH-2.0-B', server_before: 'SSH-2.0-A' },
  ]);
});

it('takes the lower port for the server where the beginning was not seen', async () => {
  const frames = connection(22, [{ says: 'SSH-2.0-OpenSSH_9.2\r\n' }]).slice(2);

  expect((await recordsOf(frames)).records.map(({ host, dstPort }) => [host, dstPort])).toEqual([['192.0.2.1', 22]]);
});
