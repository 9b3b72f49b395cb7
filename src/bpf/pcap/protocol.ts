import { anyOf, type Block } from './block.ts';
import type { ProtocolName } from './expression.ts';
import type { Frame } from './frame.ts';
import { ETHERTYPE, linkType, SAP } from './link-type.ts';
import { ip4Protocol, ip6Protocol, ipProtocol, isisType, osiProtocol } from './network.ts';

const onLink = (type: number) => (frame: Frame) => linkType(frame, type);
const onIp = (number: number) => (frame: Frame) => ipProtocol(frame, number);
const onIp4 = (number: number) => (frame: Frame) => ip4Protocol(frame, number);
const onOsi = (number: number) => (frame: Frame) => osiProtocol(frame, number);
const isis =
  (...types: readonly number[]) =>
  (frame: Frame) =>
    anyOf(...types.map((type) => isisType(frame, type)));

/** What each keyword asks for. */
const BLOCKS: Readonly<Record<ProtocolName, (frame: Frame) => Block>> = {
  ip: onLink(ETHERTYPE.ip),
  ip6: onLink(ETHERTYPE.ip6),
  arp: onLink(ETHERTYPE.arp),
  rarp: onLink(ETHERTYPE.rarp),
  tcp: onIp(6),
  udp: onIp(17),
  sctp: onIp(132),
  icmp: onIp4(1),
  icmp6: (frame) => ip6Protocol(frame, 58),
  igmp: onIp4(2),
  igrp: onIp4(9),
  pim: onIp(103),
  vrrp: onIp4(112),
  carp: onIp4(112),
  ah: onIp(51),
  esp: onIp(50),
  atalk: onLink(ETHERTYPE.atalk),
  aarp: onLink(ETHERTYPE.aarp),
  decnet: onLink(ETHERTYPE.decnet),
  lat: onLink(0x6004),
  sca: onLink(0x6007),
  moprc: onLink(0x6002),
  mopdl: onLink(0x6001),
  pppoed: onLink(ETHERTYPE.pppoed),
  iso: onLink(SAP.osi),
  clnp: onOsi(0x81),
  esis: onOsi(0x82),
  isis: onOsi(0x83),
  l1: isis(0x1a, 0x18, 0x12, 0x0f, 0x11),
  l2: isis(0x1b, 0x19, 0x14, 0x10, 0x11),
  iih: isis(0x11, 0x0f, 0x10),
  lsp: isis(0x12, 0x14),
  snp: isis(0x1b, 0x1a, 0x18, 0x19),
  csnp: isis(0x18, 0x19),
  psnp: isis(0x1a, 0x1b),
  stp: onLink(SAP.stp),
  ipx: onLink(SAP.ipx),
  netbeui: onLink(SAP.netbeui),
};

export function protocolBlock(frame: Frame, name: ProtocolName): Block {
  return BLOCKS[name](frame);
}
