import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyFrames, type Frames } from '../../packets/capture/frames.ts';
import { programOf } from '../../testing/bpf-corpus.ts';
import { randomFrom } from '../../testing/random.ts';
import { randomProgram } from '../../testing/random-program.ts';
import { Hunter } from './hunter.ts';
import { groundOf, seatOf, unknownTo, type Sought } from './seats.ts';

const [ETHERNET, RAW, COOKED, FRAME_RELAY] = [1, 101, 113, 107];
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

/** Frames of one second each, from 2026 on. */
function framesOf(...packets: readonly (readonly [link: number, packet: Uint8Array])[]): Frames {
  const frames = emptyFrames();
  const bytes: number[] = [];
  packets.forEach(([link, packet], index) => {
    frames.start[index] = bytes.length;
    frames.captured[index] = frames.wire[index] = packet.length;
    frames.link[index] = link;
    frames.micros[index] = 1_767_225_600e6 + index * 1e6;
    bytes.push(...packet);
  });
  frames.bytes = Uint8Array.from(bytes);
  frames.count = packets.length;
  return frames;
}

/** UDP from 10.0.0.9 with two bytes of payload. */
const udp = (word: string): Uint8Array =>
  hex(`4500 001e 0000 4000 4011 0000 0a000009 0a000001 1000 2000 000a 0000 ${word}`);
const ethernet = (packet: Uint8Array): Uint8Array =>
  hex(`020000000001 020000000002 0800 ${Buffer.from(packet).toString('hex')}`);
/** GTP-U that carries a packet, from 192.0.2.7. */
const gtp = (packet: Uint8Array): Uint8Array => {
  const inner = Buffer.from(packet).toString('hex');
  const half = (value: number): string => value.toString(16).padStart(4, '0');
  return hex(
    `4500 ${half(36 + packet.length)} 0000 4000 4011 0000 c0000207 c0000201 0868 0868 ${half(16 + packet.length)} 0000 30ff ${half(packet.length)} 00000001 ${inner}`,
  );
};
const tagged = (packet: Uint8Array): Uint8Array =>
  hex(`020000000001 020000000002 8100 0064 0800 ${Buffer.from(packet).toString('hex')}`);
const cooked = (packet: Uint8Array): Uint8Array =>
  hex(`0000 0001 0006 020000000001 0000 0800 ${Buffer.from(packet).toString('hex')}`);

/** UDP over IPv4 whose payload begins with 7255; the network header lies at `at`. */
const waits = (at: number, link: Sought['link']): Sought => ({
  id: link,
  link,
  program: programOf([
    ...(link === 'ethernet'
      ? ([
          [0x28, 0, 0, 12],
          [0x15, 0, 5, 0x0800],
        ] as const)
      : []),
    [0x30, 0, 0, at + 9],
    [0x15, 0, 3, 17],
    [0xb1, 0, 0, at],
    [0x48, 0, 0, at + 8],
    [0x15, 1, 0, 0x7255],
    [0x06, 0, 0, 0],
    [0x06, 0, 0, 65535],
  ]),
});
const onEthernet = waits(14, 'ethernet');
const onNetwork = waits(0, 'network');
const onUdp: Sought = {
  id: 'udp',
  link: 'udp-socket',
  program: programOf([
    [0x28, 0, 0, 8],
    [0x15, 0, 1, 0x7255],
    [0x06, 0, 0, 65535],
    [0x06, 0, 0, 0],
  ]),
};

/** Filter, frame, path and offset of what is found. */
function hunt(filters: readonly Sought[], frames: Frames, inner = false): readonly string[] {
  return [...new Hunter(filters, { inner, senders: true }).hunt(frames)].map(
    ({ filter, frame, path, offset, sender }) => `${filters[filter]!.id} ${frame} ${path} ${offset} ${sender}`,
  );
}

describe('the whole frame', () => {
  it('runs a filter where its socket begins', () => {
    const frames = framesOf([ETHERNET, ethernet(udp('7255'))], [ETHERNET, ethernet(udp('1111'))]);

    expect(hunt([onEthernet, onNetwork, onUdp], frames)).toEqual([
      'ethernet 1 eth/ip/udp 0 10.0.0.9',
      'network 1 eth/ip/udp 14 10.0.0.9',
      'udp 1 eth/ip/udp 34 10.0.0.9',
    ]);
  });

  it('runs an Ethernet filter on what other links carry, for it looks at nothing before the EtherType', () => {
    const frames = framesOf([COOKED, cooked(udp('7255'))], [RAW, udp('7255')], [ETHERNET, ethernet(udp('7255'))]);

    expect(hunt([onEthernet], frames)).toEqual([
      'ethernet 1 sll/ip/udp 16 10.0.0.9',
      'ethernet 2 raw/ip/udp 0 10.0.0.9',
      'ethernet 3 eth/ip/udp 0 10.0.0.9',
    ]);
  });

  it('says why a filter has no place in frames of a link', () => {
    const address = {
      ...onEthernet,
      program: programOf([
        [0x20, 0, 0, 2],
        [0x16, 0, 0, 0],
      ]),
    };

    expect(seatOf(address, groundOf(COOKED))).toEqual({
      refused: 'it looks at addresses of Ethernet, which such frames do not have',
    });
    expect(seatOf(onNetwork, groundOf(FRAME_RELAY))).toEqual({ refused: 'it is for network' });
    expect(hunt([address], framesOf([COOKED, cooked(udp('7255'))]))).toEqual([]);
  });

  it('gives the interpreter the headers that a socket hides', () => {
    const program = programOf([
      [0x28, 0, 0, 0xfffff000],
      [0x15, 0, 3, 0x0800],
      [0x30, 0, 0, 0xffe00005],
      [0x15, 0, 1, 1],
      [0x06, 0, 0, 1],
      [0x06, 0, 0, 0],
    ]);

    expect(hunt([{ id: 'hidden', link: 'network', program }], framesOf([ETHERNET, ethernet(udp('7255'))]))).toEqual([
      'hidden 1 eth/ip/udp 14 10.0.0.9',
    ]);
  });

  it('names what a filter asks the kernel that no capture holds', () => {
    expect(
      unknownTo(
        programOf([
          [0x28, 0, 0, 0xfffff000],
          [0x30, 0, 0, 0xfffff004],
          [0x16, 0, 0, 0],
        ]),
      ),
    ).toEqual(['type']);
  });
});

describe('inside of frames', () => {
  it('looks into tunnels and behind tags where that is asked for', () => {
    const frames = framesOf([ETHERNET, ethernet(gtp(udp('7255')))], [ETHERNET, tagged(udp('7255'))]);
    const found = [
      'ethernet 1 eth/ip/udp/gtp/ip/udp 50 10.0.0.9',
      'network 1 eth/ip/udp/gtp/ip/udp 50 10.0.0.9',
      'ethernet 2 eth/vlan/ip/udp 18 10.0.0.9',
      'network 2 eth/vlan/ip/udp 18 10.0.0.9',
    ];

    expect(hunt([onEthernet, onNetwork], frames)).toEqual([]);
    expect(hunt([onEthernet, onNetwork], frames, true)).toEqual(found);
  });

  it('tells the frame itself once', () => {
    const frames = framesOf([ETHERNET, ethernet(udp('7255'))], [COOKED, cooked(udp('7255'))]);

    expect(hunt([onEthernet, onNetwork], frames, true)).toEqual(hunt([onEthernet, onNetwork], frames));
  });
});

it('stays within its frames, whatever they hold', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.array(
        fc.tuple(fc.constantFrom(ETHERNET, RAW, COOKED, FRAME_RELAY, 0, 9, 276), fc.uint8Array({ maxLength: 120 })),
        {
          maxLength: 12,
        },
      ),
      (seed, packets) => {
        const random = randomFrom(seed);
        const links = ['ethernet', 'network', 'udp-socket', 'linux_sll', 'ppp'] as const;
        const filters = Array.from({ length: 6 }, (_, id): Sought => ({
          id: String(id),
          link: random.pick(links),
          program: randomProgram(random, 10 + random.below(20), [0xfffff000, 0xfff00000]),
        }));
        const nested = packets.map(
          ([link, bytes]) => [link, random.below(2) === 0 ? bytes : ethernet(gtp(bytes))] as const,
        );
        const hits = [...new Hunter(filters, { inner: true, senders: true }).hunt(framesOf(...nested))];

        for (const { frame, offset } of hits) expect(offset).toBeLessThanOrEqual(nested[frame - 1]![1].length + 20);
        expect(hits.map(({ frame }) => frame)).toEqual(hits.map(({ frame }) => frame).toSorted((a, b) => a - b));
      },
    ),
    { numRuns: 300 },
  );
});
