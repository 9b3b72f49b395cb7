import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCapture } from '../../../sources/capture/open.ts';
import { run } from '../../../testing/run.ts';
import { needs, needsShared } from '../../../testing/tools.ts';
import { readCapture } from '../../capture/read.ts';
import { Dissector } from '../dissector.ts';
import { P, type ProtocolName } from '../protocols.ts';
import { wholeReading } from '../whole.ts';
import { diameter, diameterNames } from './diameter.ts';
import { gtpHeader } from './gtp/header.ts';
import { gtp1Content } from './gtp/version1.ts';
import { gtp2Message } from './gtp/version2.ts';
import { pfcp } from './pfcp.ts';
import { ngap } from './radio/ngap.ts';
import { s1ap } from './radio/s1ap.ts';
import { sctpChunks, sctpData, sctpInit } from './sctp/chunks.ts';
import { m2pa } from './ss7/m2pa.ts';
import { m3ua } from './ss7/m3ua.ts';
import { mtp3 } from './ss7/mtp.ts';
import { sccp } from './ss7/sccp.ts';
import { tcap } from './ss7/tcap.ts';

type Value = number | string | undefined;
type Reader = (bytes: Uint8Array, at: number, end: number) => Readonly<Record<string, Value | readonly Value[]>>;

/** What our readers say, under the names that tshark has for the same. */
const READERS: Partial<Record<ProtocolName, Reader>> = {
  sctp: (bytes, at, end) => {
    const chunks = sctpChunks(bytes, at + 12, end);
    const data = chunks.flatMap((chunk) => sctpData(bytes, chunk) ?? []);
    return {
      'sctp.chunk_type': chunks.map(({ type }) => type),
      'sctp.data_tsn_raw': data.map(({ tsn }) => tsn),
      'sctp.data_payload_proto_id': data.map(({ protocol }) => protocol),
      'sctp.init_initiate_tag': chunks.flatMap((chunk) => (chunk.type === 1 ? sctpInit(bytes, chunk)?.tag : [])),
    };
  },
  m3ua: (bytes, at, end) => {
    const data = m3ua(bytes, at, end)?.data;
    return {
      'm3ua.protocol_data_opc': data?.origin,
      'm3ua.protocol_data_dpc': data?.destination,
      'm3ua.protocol_data_si': data?.service,
    };
  },
  m2pa: (bytes, at, end) => {
    const message = m2pa(bytes, at, end);
    return { 'm2pa.bsn': message?.backward, 'm2pa.fsn': message?.forward };
  },
  mtp3: (bytes, at, end) => {
    const message = mtp3(bytes, at, end, 'itu');
    return {
      'mtp3.opc': message?.origin,
      'mtp3.dpc': message?.destination,
      'mtp3.service_indicator': message?.service,
    };
  },
  sccp: (bytes, at, end) => {
    const message = sccp(bytes, at, end);
    return {
      'sccp.message_type': message?.type,
      'sccp.called.ssn': message?.called?.subsystem,
      'sccp.calling.ssn': message?.calling?.subsystem,
      'sccp.called.digits': message?.called?.title?.digits,
      'sccp.calling.digits': message?.calling?.title?.digits,
    };
  },
  tcap: (bytes, at, end) => {
    const message = tcap(bytes, at, end);
    return { 'tcap.otid': message?.origin, 'tcap.dtid': message?.destination };
  },
  diameter: (bytes, at, end) => {
    const message = diameter(bytes, at, end);
    const names = message && diameterNames(bytes, message);
    return {
      'diameter.cmd.code': message?.command,
      'diameter.applicationId': message?.application,
      'diameter.hopbyhopid': message?.hopByHop,
      'diameter.Session-Id': names?.session,
      'diameter.Origin-Host': names?.originHost,
      'diameter.Destination-Realm': names?.destinationRealm,
      'diameter.User-Name': names?.user,
      'diameter.Route-Record': names?.routeRecord,
    };
  },
  gtp: (bytes, at, end) => {
    const header = gtpHeader(bytes, at, end);
    const content = header === undefined || header.type === 255 ? undefined : gtp1Content(bytes, header.at, header.end);
    return {
      'gtp.message': header?.type,
      'gtp.teid': header?.version === 1 ? header.teid : undefined,
      'gtp.recovery': content?.recovery,
    };
  },
  gtpv2: (bytes, at, end) => {
    const message = gtp2Message(bytes, at, end);
    return {
      'gtpv2.message_type': message?.type,
      'gtpv2.teid': message?.teid,
      'gtpv2.seq': message?.sequence,
      'gtpv2.apn': message?.accessPoint,
      'gtpv2.f_teid_gre_key': message?.tunnels.map(({ teid }) => teid),
      'gtpv2.f_teid_ipv4': message?.tunnels.map(({ ipv4 }) => ipv4),
    };
  },
  pfcp: (bytes, at, end) => {
    const message = pfcp(bytes, at, end);
    return {
      'pfcp.msg_type': message?.type,
      'pfcp.seqno': message?.sequence,
      'pfcp.cause': message?.cause,
      'pfcp.node_id_ipv4': message?.node,
      'pfcp.f_seid.ipv4': message?.session?.ipv4,
    };
  },
  s1ap: (bytes, at, end) => {
    const message = s1ap(bytes, at, end);
    return {
      's1ap.procedureCode': message?.procedure,
      's1ap.MME_UE_S1AP_ID': message?.mmeUe,
      's1ap.ENB_UE_S1AP_ID': message?.enbUe,
      // Twenty bits as hexadecimal digits of whole bytes.
      's1ap.macroENB_ID': message?.enb === undefined ? undefined : (message.enb << 4).toString(16).padStart(6, '0'),
      // Of a change that a base station asks for, tshark names the tunnel otherwise.
      's1ap.gTP_TEID': (message?.procedure === 50 ? [] : message?.tunnels)?.map(({ teid }) =>
        teid.toString(16).padStart(8, '0'),
      ),
      's1ap.transportLayerAddressIPv4': message?.tunnels.map(({ address }) => address),
    };
  },
  ngap: (bytes, at, end) => {
    const message = ngap(bytes, at, end);
    return {
      'ngap.procedureCode': message?.procedure,
      'ngap.AMF_UE_NGAP_ID': message?.amfUe,
      'ngap.RAN_UE_NGAP_ID': message?.ranUe,
      'ngap.gNB_ID': message?.gnb === undefined ? undefined : (message.gnb << 2).toString(16).padStart(6, '0'),
      'ngap.gTP_TEID': message?.tunnels.map(({ teid }) => teid.toString(16).padStart(8, '0')),
      'ngap.TransportLayerAddressIPv4': message?.tunnels.map(({ address }) => address),
    };
  },
};

/** Captures of networks as they are, not made to break readers. */
const CAPTURES: readonly (readonly [file: string, ...protocols: ProtocolName[]])[] = [
  ['arkime/m3ua_synthetic.pcap', 'm3ua', 'sccp', 'tcap'],
  ['pycrate/tcapmap_pcapr.json-frames-0-18.pcap', 'sctp', 'm2pa', 'mtp3', 'sccp'],
  ['pycrate/tcapmap_pcapr.json-frames-70-84.pcap', 'm3ua', 'sccp', 'tcap'],
  ['pycrate/tcapmap_pcapr.json-frames-94-341.pcap', 'sctp', 'sccp', 'tcap'],
  ['pycrate/s1ap_pcapr.json-frames-0-162.pcap', 'sctp', 's1ap', 'gtp', 'mtp3'],
  ['magma/gx_gy_combined_05_210505_133111-1.pcapng', 'sctp', 'diameter', 's1ap', 'gtp'],
  ['magma/inbound_roaming_01_210505_130828-1.pcapng', 'sctp', 'diameter', 's1ap', 'gtpv2'],
  ['magma/nsa_connection.pcap', 'sctp', 's1ap', 'gtpv2'],
  ['open5gs/5g-roaming-hr.pcapng', 'pfcp', 'ngap', 'gtp'],
  ['open5gs/srsenb.pcapng', 'pfcp', 'gtpv2', 's1ap', 'diameter'],
  ['open5gs/volte.pcapng', 'sctp', 'gtpv2', 's1ap', 'diameter'],
];

const corpus = needsShared('corpus/pcap');
const tshark = needs('tshark');

/** Values by frame and field, those of several messages one behind the other. */
type Told = Map<string, string[]>;

function note(told: Told, frame: number, field: string, values: readonly Value[]): void {
  const texts = values.flatMap((value) => (value === undefined ? [] : [String(value)]));
  if (texts.length === 0) return;
  const key = `${frame} ${field}`;
  told.set(key, [...(told.get(key) ?? []), ...texts]);
}

async function here(path: string, protocols: readonly ProtocolName[]): Promise<{ told: Told; frames: Set<string> }> {
  const told: Told = new Map();
  const frames = new Set<string>();
  const source = await openCapture(path, () => {});
  const layers = new Dissector(wholeReading());
  for await (const batch of readCapture(source, () => {})) {
    for (let index = 0; index < batch.count; index++) {
      const start = batch.start[index]!;
      layers.frame = batch.first + index;
      layers.dissect(batch.link[index]!, batch.bytes, start, start + batch.captured[index]!);
      for (let layer = 0; layer < layers.count; layer++) {
        const protocol = protocols.find((name) => P[name] === layers.protocol[layer]);
        // Chunks behind a message are listed as a layer again, and were read with the first.
        if (protocol === undefined || (protocol === 'sctp' && !layers.transport.includes(layer))) continue;
        frames.add(`${layers.frame} ${protocol}`);
        const values = READERS[protocol]!(layers.data[layer]!, layers.start[layer]!, layers.end[layer]!);
        for (const [field, value] of Object.entries(values)) {
          note(told, layers.frame, field, Array.isArray(value) ? value : [value as Value]);
        }
      }
    }
  }
  await source.close();
  return { told, frames };
}

async function there(path: string, fields: readonly string[]): Promise<Told> {
  const told: Told = new Map();
  const args = ['-T', 'fields', '-E', 'aggregator=|', ...['frame.number', ...fields].flatMap((field) => ['-e', field])];
  const { out } = await run('tshark', ['-n', '-r', path, ...args]);
  for (const line of out.split('\n')) {
    const [frame, ...values] = line.split('\t');
    values.forEach((value, index) => {
      if (value === '') return;
      note(told, Number(frame), fields[index]!, value.split('|').map(plain));
    });
  }
  return told;
}

/** Values of a frame, each once: tshark names some elements of a message twice. */
const texts = (told: Told, key: string): string => [...new Set(told.get(key))].join('|');

/** Numbers as numbers, however they are printed. */
const plain = (text: string): string => (/^0x[0-9a-f]+$/i.test(text) ? String(Number(text)) : text);

describe.skipIf(corpus.missing || tshark.missing)(`fields as tshark has them ${corpus.label} ${tshark.label}`, () => {
  it.each(CAPTURES)('in %s', async (file, ...rest) => {
    const protocols = rest as readonly ProtocolName[];
    const path = join(corpus.path, file);
    const { told, frames } = await here(path, protocols);
    const fields = protocols.flatMap((protocol) => Object.keys(READERS[protocol]!(new Uint8Array(), 0, 0)));
    const want = await there(path, fields);
    const differing = fields.flatMap((field) =>
      [...frames]
        .filter((frame) => frame.endsWith(` ${field.split('.')[0]}`))
        .map((frame) => `${frame.split(' ')[0]} ${field}`)
        .filter((key) => texts(told, key) !== texts(want, key))
        .map((key) => ({ key, here: told.get(key), tshark: want.get(key) })),
    );

    expect(differing).toEqual([]);
    for (const protocol of protocols) expect([...frames].some((frame) => frame.endsWith(` ${protocol}`))).toBe(true);
  });
});
