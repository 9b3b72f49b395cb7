import { expect, it } from 'vitest';
import { answer, CERTIFICATE, certificates, hello, HELLO_DONE, record } from '../testing/handshakes.ts';
import { connection, recordsOf } from '../testing/recorded.ts';
import { concat } from '../lib/bytes.ts';
import { WIRE_SERVICES } from '../model/observations/traffic.ts';
import { loadMappings } from './mappings.ts';

const mappings = await loadMappings();

it('maps each service for rules of Zeek, under the same names', () => {
  const zeek = mappings.filter(({ logsource }) => logsource.product === 'zeek');

  expect(zeek.map(({ service }) => service).toSorted()).toEqual([...WIRE_SERVICES].toSorted());
  for (const { logsource, service, fields } of zeek) {
    expect(logsource.service).toBe(service);
    expect([...fields].filter(([theirs, ours]) => theirs !== ours)).toEqual([]);
  }
});

it('maps others to fields that Zeek has as well', () => {
  const known = new Map(
    mappings.filter(({ logsource }) => logsource.product === 'zeek').map(({ service, fields }) => [service, fields]),
  );

  expect(
    mappings.flatMap(({ service, fields }) => [...fields.values()].filter((ours) => !known.get(service)?.has(ours))),
  ).toEqual([]);
});

it('names every field that records have', async () => {
  const { records } = await recordsOf(
    [
      ...connection(80, [
        {
          up: true,
          says: 'POST /a.b HTTP/1.1\r\nHost: a\r\nReferer: b\r\nCookie: c\r\nUser-Agent: d\r\nContent-Length: 1\r\n\r\nx',
        },
        {
          says: 'HTTP/1.1 302 Found\r\nServer: a\r\nLocation: /b\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n',
        },
      ]),
      ...connection(443, [
        { up: true, says: record(hello(3, 'a')) },
        { says: concat([record(answer(1)), record(certificates(CERTIFICATE)), record(HELLO_DONE)]) },
      ]),
      ...connection(25, [
        { says: '220 a ESMTP\r\n' },
        { up: true, says: 'EHLO a\r\nMAIL FROM:<a>\r\nRCPT TO:<b>\r\n' },
      ]),
      ...connection(22, [{ says: 'SSH-2.0-Server_1\r\n' }, { up: true, says: 'SSH-2.0-Client_1\r\n' }]),
    ],
    WIRE_SERVICES,
  );
  const named = new Map(
    mappings.filter(({ logsource }) => logsource.product === 'zeek').map(({ service, fields }) => [service, fields]),
  );

  expect(new Set(records.map(({ service }) => service))).toEqual(
    new Set(['http', 'ssl', 'x509', 'smtp', 'ssh', 'conn']),
  );
  expect(
    records.flatMap(({ service, fields }) =>
      Object.keys(fields).filter((name) => named.get(service)?.has(name) !== true),
    ),
  ).toEqual([]);
});
