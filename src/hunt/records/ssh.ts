import { sshBanner, type SshBanner } from '../../packets/dissect/applications/ssh.ts';
import type { Moment } from '../moment.ts';
import { ENOUGH } from './lane.ts';
import { textOf, type Desk, type TalkKind, type TalkReader } from './talks.ts';

/** A line before the greeting is no longer. */
const LONGEST_LINE = 1024;
/** So many servers are remembered with what they called themselves. */
const MOST_SERVERS = 50_000;

/** SSH: one record for each connection, by what both ends call themselves. What a port called itself before is remembered. */
export function sshTalk(): TalkKind {
  const servers = new Map<string, string>();
  return {
    services: ['ssh'],
    letters: 'S',
    begins: (bytes, at, end) => (textOf(bytes, at, Math.min(end, at + 4)) === 'SSH-' ? 'whoever' : undefined),
    open: (desk) => new SshTalk(desk, servers),
  };
}

class SshTalk implements TalkReader {
  readonly #desk: Desk;
  readonly #servers: Map<string, string>;
  #client: SshBanner | undefined;
  #server: SshBanner | undefined;
  readonly #moments: Moment[] = [];

  constructor(desk: Desk, servers: Map<string, string>) {
    this.#desk = desk;
    this.#servers = servers;
  }

  read(asks: boolean, bytes: Uint8Array, at: number, end: number): number {
    if ((asks ? this.#client : this.#server) !== undefined) return end;
    const newline = bytes.subarray(at, end).indexOf(10);
    if (newline < 0) return end - at < LONGEST_LINE ? at : ENOUGH;
    const banner = sshBanner(bytes, at, end);
    // A server may say something before its greeting.
    if (banner === undefined) return at + newline + 1;
    this.#moments.push(this.#desk.now());
    if (asks) this.#client = banner;
    else this.#server = banner;
    if (this.#client === undefined || this.#server === undefined) return end;
    this.close();
    return ENOUGH;
  }

  close(): void {
    const [client, server] = [this.#client, this.#server];
    if (this.#moments.length === 0) return;
    const before = server === undefined ? undefined : this.#remember(nameOf(server));
    this.#desk.tell('ssh', {
      text: () =>
        `${client === undefined ? '(client not seen)' : nameOf(client)}, ${server === undefined ? '(server not seen)' : nameOf(server)}`,
      moments: this.#moments.splice(0),
      fields: {
        version: Number.parseInt(server?.version ?? client?.version ?? '', 10) || undefined,
        client: client && nameOf(client),
        server: server && nameOf(server),
        server_before: before,
      },
    });
  }

  /** What this port called itself before, where that was something else. */
  #remember(name: string): string | undefined {
    const { peer, dstPort } = this.#desk.ends;
    const key = `${peer} ${dstPort}`;
    const before = this.#servers.get(key);
    if (before !== undefined || this.#servers.size < MOST_SERVERS) this.#servers.set(key, name);
    return before === name ? undefined : before;
  }
}

function nameOf({ version, software, comments }: SshBanner): string {
  return `SSH-${version}-${software}${comments === '' ? '' : ` ${comments}`}`;
}
