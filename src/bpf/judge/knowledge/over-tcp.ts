import { each, fieldsOf, oneOf, printableByte, upTo, words, type Allowed, type Layout, type Part } from './layout.ts';
import {
  FTP_WORDS,
  HTTP_WORDS,
  MAILBOX_WORDS,
  NEWS_WORDS,
  OTHER_WORDS,
  SIP_WORDS,
  SMTP_WORDS,
  ZOOKEEPER_WORDS,
} from './words.ts';

/** A word of the protocol; the text that goes on behind it is what is asked for. */
const spoken = (name: string, ports: readonly number[], list: readonly string[]): Layout => ({
  name,
  ports,
  marked: true,
  fields: fieldsOf([[0, 24, 'structure', (parts) => words(...list)(parts) && goesOn(parts)]]),
});

/** Text without a gap. */
function goesOn(parts: readonly (Part | undefined)[]): boolean {
  const last = parts.findLastIndex((part) => part !== undefined);
  return parts.every((part, at) => {
    if (at > last) return true;
    return part === undefined
      ? at < 4
      : part.mask !== 0xff || printableByte(part.value) || part.value === 10 || part.value === 13;
  });
}

const number: Allowed = upTo(0x10000);

/** What TCP carries, by port. Offsets are from the beginning of the segment's data. */
export const OVER_TCP: readonly Layout[] = [
  spoken('http', [80, 8000, 8008, 8080, 8081, 8088, 8888, 3128, 5000, 5985, 9200, 2375, 631], HTTP_WORDS),
  spoken('mail', [25, 465, 587], SMTP_WORDS),
  spoken('ftp', [21], FTP_WORDS),
  spoken('sip', [5060, 5061], SIP_WORDS),
  spoken('text', [], OTHER_WORDS),
  spoken('mail', [110, 143], MAILBOX_WORDS),
  spoken('news', [119, 563], NEWS_WORDS),
  spoken('zookeeper', [2181], ZOOKEEPER_WORDS),
  {
    name: 'http', // RFC 9112, 4: version and status of an answer
    marked: true,
    fields: fieldsOf([
      [0, 5, 'structure', words('HTTP/')],
      [5, 4, 'structure', words('1.0 ', '1.1 ', '2 20')],
      [9, 3, 'structure', each((byte) => byte >= 0x30 && byte <= 0x39)],
    ]),
  },
  {
    name: 'mail', // RFC 9051, 2.2.1: a client's own tag, then a command
    ports: [143],
    fields: fieldsOf([[0, 16, 'selector', each(printableByte)]]),
  },
  {
    name: 'tls', // RFC 8446, 5.1 and 4
    ports: [443, 8443, 465, 587, 636, 853, 989, 990, 993, 995, 5061, 6443, 8883, 5671, 2376, 9443],
    marked: true,
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('14', '15', '16', '17', '18')],
      [1, 2, 'structure', oneOf('0300', '0301', '0302', '0303', '0304')],
      [3, 2, 'structure', upTo(0x4800)],
      [5, 1, 'structure', oneOf('00', '01', '02', '04', '05', '08', '0b', '0c', '0d', '0e', '0f', '10', '14')],
      [6, 3, 'structure', upTo(0x10000)],
      [9, 2, 'structure', oneOf('0300', '0301', '0302', '0303', '0304')],
      [43, 1, 'structure', oneOf('00', '20')],
    ]),
  },
  {
    name: 'ssh',
    ports: [22, 2222],
    marked: true,
    fields: fieldsOf([[0, 20, 'structure', words('SSH-2.0-', 'SSH-1.99', 'SSH-1.5')]]),
  },
  {
    name: 'dns', // RFC 1035, 4.2.2
    ports: [53],
    fields: fieldsOf([
      [0, 2, 'structure', upTo(4096)],
      [4, 2, 'structure', oneOf('0000', '0100', '0120', '8180', '8183', '8400', '8580', '8000')],
      [6, 8, 'structure', each((byte) => byte <= 0x20)],
      [14, 255, 'selector', each((byte) => byte < 0x7f)],
    ]),
  },
  {
    name: 'smb',
    ports: [445, 139],
    marked: true,
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('00', '81', '82', '85')],
      [1, 3, 'structure', number],
      [4, 4, 'structure', oneOf('ff534d42', 'fe534d42', 'fd534d42')],
      [8, 2, 'structure'],
      [16, 2, 'structure', each((byte) => byte <= 0x12)],
    ]),
  },
  {
    name: 'nfs', // RFC 5531: record mark, transaction, call, version, program
    ports: [2049, 111],
    fields: fieldsOf([
      [
        0,
        4,
        'structure',
        ([last, ...size]) => (last === undefined || (last.value & last.mask & 0x7f) === 0) && upTo(0x200000)(size),
      ],
      [4, 4, 'selector', number],
      [8, 4, 'structure', upTo(1)],
      [12, 4, 'structure', upTo(2)],
      [16, 4, 'structure', upTo(400200)],
      [20, 4, 'structure', upTo(64)],
      [24, 4, 'structure', upTo(64)],
    ]),
  },
  {
    name: 'database', // PostgreSQL: length, version or code of the request
    ports: [5432, 5433, 6432],
    fields: fieldsOf([
      [0, 1, 'structure', (parts) => each((byte) => byte === 0 || printableByte(byte))(parts)],
      [1, 3, 'structure', number],
      [4, 4, 'structure', oneOf('00030000', '00020000', '04d2162f', '04d2162e', '04d21630')],
      [8, 16, 'selector', words('user', 'database')],
    ]),
  },
  {
    name: 'database',
    ports: [3306, 3307, 33060],
    fields: fieldsOf([
      [0, 3, 'structure', ([, , high]) => high === undefined || (high.value & high.mask) === 0],
      [3, 1, 'structure', upTo(3)],
      [4, 1, 'structure', upTo(0x1f)],
      [5, 32, 'selector', each(printableByte)],
    ]),
  },
  {
    name: 'database',
    ports: [1433, 1434],
    fields: fieldsOf([
      [0, 1, 'structure', upTo(0x12)],
      [1, 1, 'structure', upTo(9)],
      [2, 2, 'structure', upTo(32768)],
    ]),
  },
  {
    name: 'database',
    ports: [1521],
    fields: fieldsOf([
      [0, 2, 'structure', upTo(8192)],
      [2, 2, 'structure', oneOf('0000')],
      [4, 1, 'structure', upTo(19)],
    ]),
  },
  {
    name: 'database',
    ports: [27017, 27018],
    fields: fieldsOf([
      [0, 4, 'structure', ([, , , high]) => high === undefined || (high.value & high.mask) === 0],
      [4, 8, 'selector', each((byte) => byte === 0)],
      [12, 4, 'structure', oneOf('01000000', 'd1070000', 'd2070000', 'd4070000', 'dc070000', 'dd070000')],
    ]),
  },
  {
    name: 'database',
    ports: [9042],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('03', '04', '05', '83', '84', '85')],
      [1, 1, 'structure', upTo(16)],
      [2, 2, 'selector', upTo(0x7fff)],
      [4, 1, 'structure', upTo(16)],
    ]),
  },
  spoken('database', [6379, 11211], OTHER_WORDS),
  {
    name: 'ics',
    ports: [502],
    fields: fieldsOf([
      [0, 2, 'selector', upTo(0xff)],
      [2, 2, 'structure', oneOf('0000')],
      [4, 2, 'structure', upTo(260)],
      [6, 1, 'selector'],
      [
        7,
        1,
        'structure',
        (parts) => parts.every((part) => part === undefined || (part.value & part.mask & 0x7f) <= 0x2b),
      ],
      [8, 4, 'selector', upTo(0xffff)],
    ]),
  },
  {
    name: 'ics',
    ports: [102],
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('0300')],
      [2, 2, 'structure', upTo(2048)],
      [4, 1, 'structure'],
      [5, 1, 'structure', oneOf('e0', 'd0', 'f0', '80')],
      [6, 1, 'structure', oneOf('80', '00')],
      [7, 1, 'structure', oneOf('32', '72', '00')],
      [8, 1, 'structure', oneOf('01', '02', '03', '07')],
      [9, 8, 'structure', each((byte) => byte <= 0x20)],
      [17, 1, 'structure'],
    ]),
  },
  {
    name: 'ics',
    ports: [2404],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('68')],
      [1, 1, 'structure'],
      [2, 1, 'structure'],
      [6, 1, 'structure', upTo(127)],
    ]),
  },
  {
    name: 'ics',
    ports: [20000],
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('0564')],
      [2, 1, 'structure'],
      [3, 1, 'structure'],
      [4, 4, 'identity', each((byte) => byte <= 0x20)],
    ]),
  },
  {
    name: 'ics',
    ports: [44818],
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('0400', '6300', '6400', '6500', '6600', '6f00', '7000')],
      [2, 2, 'structure'],
    ]),
  },
  {
    name: 'ics',
    ports: [4840],
    fields: fieldsOf([[0, 4, 'structure', words('HELF', 'ACKF', 'OPNF', 'MSGF', 'CLOF', 'ERRF', 'MSGC')]]),
  },
  {
    name: 'routing',
    ports: [179],
    fields: fieldsOf([
      [0, 16, 'structure', oneOf('ff'.repeat(16))],
      [16, 2, 'structure', upTo(4096)],
      [18, 1, 'structure', upTo(5)],
    ]),
  },
  {
    name: 'ldp',
    ports: [646],
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('0001')],
      [4, 4, 'identity'],
      [10, 2, 'structure', upTo(0x500)],
    ]),
  },
  {
    name: 'mqtt',
    ports: [1883],
    fields: fieldsOf([
      [0, 1, 'structure', (parts) => parts.every((part) => part === undefined || (part.value & part.mask) >> 4 >= 1)],
      [1, 1, 'structure', upTo(0x7f)],
      [2, 2, 'structure', upTo(64)],
      [4, 6, 'structure', words('MQTT', 'MQIsdp')],
    ]),
  },
  { name: 'amqp', ports: [5672], fields: fieldsOf([[0, 8, 'structure', words('AMQP')]]) },
  {
    name: 'rdp',
    ports: [3389],
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('0300')],
      [2, 2, 'structure', upTo(2048)],
      [4, 1, 'structure'],
      [5, 1, 'structure', oneOf('e0', 'd0', 'f0')],
      [11, 20, 'structure', words('Cookie: mstshash=')],
    ]),
  },
  {
    name: 'ldap',
    ports: [389, 3268],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('30')],
      [1, 1, 'structure'],
      [2, 1, 'structure', oneOf('02')],
      [3, 1, 'structure', upTo(4)],
      [5, 1, 'structure', each((byte) => byte >= 0x42 && byte <= 0x78)],
    ]),
  },
  {
    name: 'kerberos',
    ports: [88],
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('0000')],
      [4, 1, 'structure', oneOf('6a', '6b', '6c', '6d', '7e')],
    ]),
  },
  {
    name: 'tacacs',
    ports: [49],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('c0', 'c1')],
      [1, 1, 'structure', oneOf('01', '02', '03')],
      [2, 1, 'structure'],
      [3, 1, 'structure', upTo(5)],
      [4, 4, 'selector', upTo(0xffff)],
    ]),
  },
  {
    name: 'rpc',
    ports: [135],
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('0500', '0501')],
      [2, 1, 'structure', upTo(20)],
      [3, 1, 'structure'],
      [4, 4, 'structure', oneOf('10000000')],
    ]),
  },
  diameter('telecom', [3868, 3869, 5868]),
  {
    name: 'tunnel',
    ports: [1723],
    fields: fieldsOf([
      [0, 2, 'structure', upTo(512)],
      [2, 2, 'structure', oneOf('0001')],
      [4, 4, 'structure', oneOf('1a2b3c4d')],
      [8, 2, 'structure', upTo(15)],
    ]),
  },
  {
    name: 'bittorrent',
    marked: true,
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('13')],
      [1, 19, 'structure', words('BitTorrent protocol')],
    ]),
  },
  {
    name: 'openflow',
    ports: [6633, 6653],
    fields: fieldsOf([
      [0, 1, 'structure', upTo(6)],
      [1, 1, 'structure', upTo(35)],
      [2, 2, 'structure', upTo(4096)],
    ]),
  },
  {
    name: 'git', // pack protocol: length in hexadecimal letters, request
    ports: [9418],
    fields: fieldsOf([
      [0, 4, 'structure', each(printableByte)],
      [4, 24, 'structure', words('git-upload-pack', 'git-receive-pack', 'git-upload-archive')],
    ]),
  },
  {
    name: 'sms', // SMPP 3.4: length, command, status
    ports: [2775],
    fields: fieldsOf([
      [0, 4, 'structure', number],
      [
        4,
        4,
        'structure',
        ([answer, ...command]) => (answer === undefined || [0, 0x80].includes(answer.value)) && upTo(0x103)(command),
      ],
      [8, 4, 'structure', upTo(0xff)],
    ]),
  },
  { name: 'x11', ports: [6000, 6001], fields: fieldsOf([[0, 1, 'structure', words('l', 'B')]]) },
  {
    name: 'rtsp',
    ports: [554],
    marked: true,
    fields: fieldsOf([[0, 12, 'structure', words('DESCRIBE', 'OPTIONS ', 'SETUP ', 'PLAY ', 'RTSP/1.0')]]),
  },
  { name: 'monitoring', ports: [10050, 10051], fields: fieldsOf([[0, 5, 'structure', words('ZBXD\x01', 'ZBXD\x03')]]) },
  { name: 'database', ports: [9300], fields: fieldsOf([[0, 2, 'structure', words('ES')]]) },
  {
    name: 'memcached', // binary protocol: magic, opcode, length of the key
    ports: [11211],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('80', '81')],
      [1, 1, 'structure', upTo(0x48)],
      [2, 2, 'structure', upTo(250)],
    ]),
  },
  {
    name: 'telnet', // RFC 854: interpret as command, will or do or not, option
    ports: [23, 2323],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('ff')],
      [1, 1, 'structure', oneOf('fa', 'fb', 'fc', 'fd', 'fe')],
      [2, 1, 'structure', upTo(49)],
    ]),
  },
  {
    name: 'socks', // RFC 1928: version, number of methods or command
    ports: [1080, 9050],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('04', '05')],
      [1, 1, 'structure', upTo(10)],
      [2, 1, 'structure', upTo(3)],
    ]),
  },
  {
    name: 'medical', // DICOM, PS3.8, 9.3
    ports: [104, 11112],
    fields: fieldsOf([
      [0, 1, 'structure', upTo(7)],
      [1, 1, 'structure', oneOf('00')],
      [2, 4, 'structure', number],
    ]),
  },
  {
    name: 'kafka', // size, key and version of the request
    ports: [9092, 9093],
    fields: fieldsOf([
      [0, 4, 'structure', number],
      [4, 2, 'structure', upTo(80)],
      [6, 2, 'structure', upTo(20)],
    ]),
  },
  {
    name: 'printer',
    ports: [9100],
    fields: fieldsOf([[0, 24, 'structure', words('\x1b%-12345X@PJL', '%!PS', '\x1bE')]]),
  },
  {
    name: 'file', // what programs, archives, documents and pictures begin with
    marked: true,
    fields: fieldsOf([
      [
        0,
        4,
        'structure',
        oneOf(
          '7f454c46',
          '504b0304',
          '4d5a9000',
          '25504446',
          '89504e47',
          'ffd8ffe0',
          'ffd8ffe1',
          '47494638',
          'd0cf11e0',
          '1f8b0800',
          '52617221',
          'cafebabe',
        ),
      ],
    ]),
  },
  { name: 'rpc', marked: true, fields: fieldsOf([[0, 4, 'structure', oneOf('aced0005')]]) }, // Java object serialisation
  {
    name: 'bitcoin',
    ports: [8333, 18333, 18444],
    marked: true,
    fields: fieldsOf([
      [0, 4, 'structure', oneOf('f9beb4d9', '0b110907', 'fabfb5da')],
      [4, 12, 'structure', words('version', 'verack', 'inv', 'getdata', 'tx', 'block', 'addr', 'ping', 'pong')],
    ]),
  },
  { name: 'kubernetes', ports: [2379, 2380], fields: fieldsOf([[0, 24, 'structure', words('PRI * HTTP/2.0')]]) },
];

/** RFC 6733, 3: version, length, flags, command, application */
export function diameter(name: string, ports: readonly number[]): Layout {
  return {
    name,
    ports,
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('01')],
      [1, 3, 'structure', number],
      [4, 1, 'structure', oneOf('00', '40', '80', 'c0', '60', 'a0', '20', 'e0', '90', 'd0')],
      [5, 3, 'structure', upTo(8388800)],
      [
        8,
        4,
        'structure',
        (parts) =>
          upTo(16)(parts) ||
          each((byte) => byte <= 1)(parts) ||
          parts.every((part, at) => part === undefined || at > 1 || [1, 0].includes(part.value)),
      ],
    ]),
  };
}
