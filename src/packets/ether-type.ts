/** An EtherType as people write it: `0x0800`. */
export function etherTypeText(protocol: number): string {
  return `0x${protocol.toString(16).padStart(4, '0')}`;
}
