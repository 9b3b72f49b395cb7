import { each, fieldsOf, hostNameByte, oneOf, printableByte, upTo, words, type Layout } from './layout.ts';
import { INNER_IP, shifted } from './inner.ts';
import { UDP_OF_NETWORKS } from './over-udp-networks.ts';
import { PTP } from './ptp.ts';
import { SIP_WORDS } from './words.ts';

/** RFC 1035, 4.1.1; as a filter compares them whole or in part. */
const DNS_FLAGS = oneOf(
  '0000', '0100', '0110', '0120', '2800', '8000', '8180', '8182', '8183', '8185', '8400', '8500', '8580', '8583',
  '8080', '8081', '8082', '8083', '8085', '8200', '8380', 'a800', '0010', '81a0', '8590', '0130', '8403', '8190',
); // prettier-ignore

const DNS = fieldsOf([
  [2, 2, 'structure', DNS_FLAGS],
  [4, 8, 'structure', each((byte) => byte <= 0x20)],
  [12, 255, 'selector', each(hostNameByte)],
]);

const dns = (name: string, ...ports: readonly number[]): Layout => ({ name, ports, fields: DNS });

/**
 * What UDP carries, by port. Offsets are from the beginning of the payload.
 *
 * @see The RFC, or the specification, of each protocol: those that are not named beside it are the ones of its name.
 */
export const OVER_UDP: readonly Layout[] = [
  dns('dns', 53),
  dns('mdns', 5353),
  dns('llmnr', 5355),
  {
    name: 'netbios',
    ports: [137, 138],
    fields: fieldsOf([
      [2, 2, 'structure', oneOf('0000', '0010', '0100', '0110', '2810', '2910', '8400', '8500', '8580')],
      [4, 8, 'structure', each((byte) => byte <= 0x20)],
      [12, 255, 'selector', each(hostNameByte)],
    ]),
  },
  {
    name: 'dhcp', // RFC 2131
    ports: [67, 68],
    marked: true,
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('01', '02')],
      [1, 2, 'structure', oneOf('0106', '0600', '2000', '0606')],
      [3, 1, 'structure', upTo(16)],
      [4, 4, 'selector'],
      [8, 2, 'selector'],
      [10, 2, 'structure', oneOf('0000', '8000')],
      [12, 16, 'identity'],
      [28, 16, 'identity'],
      [44, 64, 'selector', each((byte) => byte === 0 || printableByte(byte))],
      [108, 128, 'selector', each((byte) => byte === 0 || printableByte(byte))],
      [236, 4, 'structure', oneOf('63825363')],
      [240, 1, 'structure', oneOf('35', '3d', '37', '0c', '32', '36', '39', '52')],
      [241, 1, 'structure', oneOf('01', '02', '04', '07')],
      [242, 1, 'structure', oneOf('01', '02', '03', '04', '05', '06', '07', '08', '0a', '0d')],
    ]),
  },
  {
    name: 'dhcp6', // RFC 8415
    ports: [546, 547],
    fields: fieldsOf([
      [0, 1, 'structure', upTo(36)],
      [1, 3, 'selector'],
      [4, 2, 'structure', upTo(143)],
      [6, 2, 'structure', upTo(1500)],
    ]),
  },
  {
    name: 'ntp', // RFC 5905; mode 7 of ntpd
    ports: [123],
    fields: fieldsOf([
      [0, 1, 'structure'],
      [1, 1, 'structure', upTo(16)],
      [2, 1, 'structure', upTo(17)],
      [
        3,
        1,
        'structure',
        (parts) => parts.every((part) => part === undefined || part.value <= 0x40 || part.value >= 0xe0),
      ],
      [12, 4, 'structure', words('GPS', 'PPS', 'LOCL', 'INIT', 'STEP', 'RATE', 'GOOG', 'DCFa', 'ACTS', 'NIST', 'DCF')],
    ]),
  },
  { name: 'ptp', ports: [319, 320], fields: PTP },
  {
    name: 'tftp', // RFC 1350
    ports: [69],
    fields: fieldsOf([
      [0, 2, 'structure', upTo(6)],
      [2, 255, 'selector', each((byte) => byte === 0 || printableByte(byte))],
    ]),
  },
  {
    name: 'radius', // RFC 2865, RFC 5176
    ports: [1812, 1813, 1645, 1646, 3799],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('01', '02', '03', '04', '05', '0b', '0c', '0d', '28', '29', '2a', '2b', '2c', '2d')],
      [1, 1, 'selector'],
      [2, 2, 'structure', upTo(4096)],
      [20, 1, 'structure', upTo(200)],
      [21, 1, 'structure'],
    ]),
  },
  {
    name: 'snmp', // RFC 3416 in BER
    ports: [161, 162],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('30')],
      [1, 1, 'structure'],
      [2, 3, 'structure', oneOf('020100', '020101', '020103')],
      [5, 1, 'structure', oneOf('04', '30')],
      [6, 1, 'structure', upTo(64)],
      [
        7,
        64,
        'selector',
        (parts) => words('public', 'private')(parts) || each((byte) => byte >= 0xa0 && byte <= 0xa8)(parts),
      ],
    ]),
  },
  {
    name: 'syslog', // RFC 5424
    ports: [514],
    fields: fieldsOf([
      [0, 1, 'structure', words('<')],
      [1, 4, 'structure', each((byte) => (byte >= 0x30 && byte <= 0x39) || byte === 0x3e || printableByte(byte))],
    ]),
  },
  {
    name: 'ssdp',
    ports: [1900],
    marked: true,
    fields: fieldsOf([[0, 8, 'structure', words('M-SEARCH', 'NOTIFY *', 'HTTP/1.1')]]),
  },
  { name: 'sip', ports: [5060, 5061], marked: true, fields: fieldsOf([[0, 8, 'structure', words(...SIP_WORDS)]]) },
  {
    name: 'rtp', // RFC 3550: version, and few sources
    marked: true,
    fields: fieldsOf([
      [
        0,
        1,
        'structure',
        ([first]) =>
          first === undefined ||
          (((first.value ^ 0x80) & first.mask & 0xc0) === 0 && (first.value & first.mask & 0x0f) <= 4),
      ],
      [
        1,
        1,
        'structure',
        (parts) =>
          parts.every(
            (part) =>
              part === undefined ||
              KNOWN_RTP.has(part.value & 0x7f) ||
              part.mask !== 0xff ||
              (part.value >= 0xc8 && part.value <= 0xcf),
          ),
      ],
    ]),
  },
  {
    name: 'stun', // RFC 8489
    ports: [3478, 5349, 19302],
    marked: true,
    fields: fieldsOf([
      [
        0,
        2,
        'structure',
        oneOf(
          '0001',
          '0101',
          '0111',
          '0003',
          '0103',
          '0113',
          '0004',
          '0104',
          '0008',
          '0108',
          '0009',
          '0109',
          '0016',
          '0017',
          '0011',
        ),
      ],
      [2, 2, 'structure', upTo(1500)],
      [4, 4, 'structure', oneOf('2112a442')],
    ]),
  },
  {
    name: 'quic', // RFC 9000, 17.2; RFC 9369
    ports: [443, 80, 8443, 853, 784],
    fields: fieldsOf([
      [0, 1, 'structure'],
      [
        1,
        4,
        'structure',
        oneOf(
          '00000000',
          '00000001',
          '6b3343cf',
          'ff00001d',
          'ff000020',
          'ff00001b',
          '51303433',
          '51303436',
          '51303530',
          '709a50c4',
        ),
      ],
      [5, 1, 'structure', upTo(20)],
    ]),
  },
  {
    name: 'wireguard', // whitepaper, 5.4: type and three zero bytes; index of the sender
    ports: [51820],
    marked: true,
    fields: fieldsOf([[0, 4, 'structure', oneOf('01000000', '02000000', '03000000', '04000000')]]),
  },
  {
    name: 'openvpn',
    ports: [1194],
    fields: fieldsOf([
      [0, 1, 'structure', (parts) => parts.every((part) => part === undefined || (part.value & part.mask) >> 3 <= 11)],
    ]),
  },
  {
    name: 'ipsec', // RFC 7296 and RFC 3948: cookies, or SPI
    ports: [500, 4500],
    fields: fieldsOf([
      [
        0,
        16,
        'selector',
        (parts) => parts.every((part) => part === undefined || (part.value & part.mask) === 0 || part.value === 0xff),
      ],
      [16, 1, 'structure', oneOf('00', '01', '02', '04', '05', '08', '21', '22', '25', '27', '28', '29', '2e')],
      [17, 1, 'structure', oneOf('10', '20')],
      [18, 1, 'structure', oneOf('01', '02', '04', '05', '06', '20', '22', '23', '24', '25')],
      [19, 1, 'structure'],
      [20, 4, 'selector', upTo(16)],
    ]),
  },
  ...UDP_OF_NETWORKS,
  {
    name: 'netflow', // version 9, RFC 3954: sequence, source
    ports: [2055, 2056, 4739, 9995, 9996],
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('0009', '000a')],
      [2, 2, 'structure', upTo(1500)],
      [12, 8, 'selector'],
    ]),
  },
  {
    name: 'netflow',
    ports: [2055, 2056, 4739, 9995, 9996, 6343],
    fields: fieldsOf([
      [0, 4, 'structure', (parts) => oneOf('0005', '0009', '000a', '0001', '0007', '00000005')(parts)],
      [4, 4, 'structure', oneOf('00000001', '00000002')],
    ]),
  },
  {
    name: 'ics', // BACnet/IP, ASHRAE 135 annex J
    ports: [47808],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('81')],
      [1, 1, 'structure', upTo(12)],
      [2, 2, 'structure', upTo(1500)],
      [4, 1, 'structure', oneOf('01')],
      [5, 1, 'structure'],
      [6, 8, 'structure', each((byte) => byte < 0x20 || byte === 0xff)],
    ]),
  },
  {
    name: 'ics',
    ports: [44818, 2222],
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('0400', '6300', '6400', '6500', '6600', '6f00', '7000')],
      [2, 2, 'structure'],
      [4, 4, 'selector'],
    ]),
  },
  {
    name: 'wol', // the synchronisation stream, then the address sixteen times
    ports: [7, 9],
    marked: true,
    fields: fieldsOf([
      [0, 6, 'structure', oneOf('ffffffffffff')],
      [6, 96, 'identity'],
    ]),
  },
  {
    name: 'capwap',
    ports: [5246, 5247],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('00', '01')],
      [1, 3, 'structure', each((byte) => byte < 0x80)],
    ]),
  },
  {
    name: 'coap',
    ports: [5683, 5684],
    fields: fieldsOf([
      [
        0,
        1,
        'structure',
        (parts) => parts.every((part) => part === undefined || ((part.value ^ 0x40) & part.mask & 0xc0) === 0),
      ],
      [1, 1, 'structure', oneOf('00', '01', '02', '03', '04', '05', '41', '42', '43', '44', '45', '80', '84', 'a0')],
      [2, 2, 'selector'],
    ]),
  },
  {
    name: 'memcached',
    ports: [11211],
    fields: fieldsOf([
      [0, 2, 'selector'],
      [2, 6, 'structure', each((byte) => byte <= 1)],
      [8, 8, 'structure', words('stats', 'get ', 'set ', 'version', 'gets ')],
    ]),
  },
  {
    name: 'kerberos',
    ports: [88],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('6a', '6b', '6c', '6d', '7e')],
      [1, 1, 'structure'],
    ]),
  },
  {
    name: 'ldap',
    ports: [389],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('30')],
      [1, 1, 'structure'],
    ]),
  },
  {
    name: 'ipmi',
    ports: [623],
    fields: fieldsOf([
      [0, 4, 'structure', oneOf('0600ff07', '0600ff06', '06000006')],
      [4, 1, 'structure', oneOf('00', '06', '02')],
    ]),
  },
  {
    name: 'rpc',
    ports: [111, 2049],
    fields: fieldsOf([
      [0, 4, 'selector', upTo(0xffff)],
      [4, 4, 'structure', oneOf('00000000', '00000001')],
      [8, 4, 'structure', oneOf('00000002')],
      [12, 4, 'structure', (parts) => upTo(100500)(parts)],
      [16, 4, 'structure', upTo(64)],
      [20, 4, 'structure', upTo(64)],
    ]),
  },
  {
    name: 'mgcp',
    ports: [2427, 2727],
    fields: fieldsOf([
      [0, 4, 'structure', words('AUEP', 'CRCX', 'DLCX', 'MDCX', 'NTFY', 'RQNT', 'RSIP', 'AUCX', '200 ', 'EPCF')],
    ]),
  },
  { name: 'mip', ports: [434], fields: fieldsOf([[0, 1, 'structure', oneOf('01', '03')]]) },
  {
    name: 'dtls',
    marked: true,
    ports: [4433, 5684, 443, 4740],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('14', '15', '16', '17')],
      [1, 2, 'structure', oneOf('feff', 'fefd', '0100')],
      [3, 2, 'structure', upTo(16)],
      [13, 1, 'structure', upTo(24)],
    ]),
  },
  {
    name: 'ldp',
    ports: [646],
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('0001')],
      [4, 4, 'identity'],
      [8, 2, 'structure', oneOf('0000')],
      [10, 2, 'structure', upTo(0x500)],
    ]),
  },
  { name: 'teredo', ports: [3544], fields: shifted(INNER_IP, 0) },
  {
    name: 'edonkey', // Kademlia: protocol, operation
    marked: true,
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('e3', 'e4', 'e5', 'c5')],
      [
        1,
        1,
        'structure',
        oneOf(
          '00',
          '01',
          '08',
          '09',
          '11',
          '18',
          '19',
          '20',
          '21',
          '28',
          '29',
          '30',
          '33',
          '34',
          '43',
          '50',
          '51',
          '58',
          '59',
        ),
      ],
    ]),
  },
  {
    name: 'bittorrent', // BEP 29: type and version, extension
    marked: true,
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('01', '11', '21', '31', '41')],
      [1, 1, 'structure', oneOf('00', '01', '02')],
    ]),
  },
  {
    name: 'bittorrent', // BEP 15: protocol, action
    marked: true,
    fields: fieldsOf([
      [0, 8, 'structure', oneOf('0000041727101980')],
      [8, 4, 'structure', upTo(3)],
    ]),
  },
  { name: 'lighting', ports: [6454, 5568], fields: fieldsOf([[0, 8, 'structure', words('Art-Net\0')]]) },
  {
    name: 'ics', // KNXnet/IP: length of the header, version, service
    ports: [3671],
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('0610')],
      [2, 2, 'structure', upTo(0x0540)],
    ]),
  },
  { name: 'discovery', ports: [17500], fields: fieldsOf([[0, 16, 'structure', words('{"host_int"', '{"version"')]]) },
  { name: 'discovery', ports: [3702], fields: fieldsOf([[0, 8, 'structure', words('<?xml', '<soap', '<s:En')]]) },
  { name: 'game', ports: [27036], fields: fieldsOf([[0, 8, 'structure', oneOf('ffffffff214c5fa0')]]) },
  { name: 'voice', ports: [9987], fields: fieldsOf([[0, 8, 'structure', words('TS3INIT1')]]) },
  {
    name: 'telecom',
    ports: [2944, 2945],
    fields: fieldsOf([[0, 8, 'structure', words('MEGACO/', '!/1', '!/2', '!/3')]]),
  },
  {
    name: 'syslog',
    ports: [12201],
    fields: fieldsOf([[0, 2, 'structure', oneOf('1e0f', '1f8b', '789c', '7801', '7b22')]]),
  },
  {
    name: 'game', // Source and GoldSrc servers, and the Quake family: no connection, and what is asked or told
    marked: true,
    fields: fieldsOf([
      [0, 4, 'structure', oneOf('ffffffff', 'feffffff')],
      [4, 1, 'structure', words('g', 's', 'i', 'c', 'A', 'D', 'E', 'I', 'T', 'U', 'V', 'W')],
      [5, 3, 'structure', words('ets', 'eti', 'Sou', 'tat', 'nfo', 'hal')],
    ]),
  },
  { name: 'bittorrent', marked: true, fields: fieldsOf([[0, 12, 'structure', words('d1:ad2:id20:', 'd1:rd2:id20:')]]) },
];

/** Static payload types that are in use, and the first dynamic ones. RFC 3551, 6 */
const KNOWN_RTP = new Set([
  0,
  3,
  4,
  8,
  9,
  13,
  14,
  18,
  26,
  31,
  32,
  33,
  34,
  ...Array.from({ length: 32 }, (_, at) => 96 + at),
]);
