import { z } from 'zod';
import {
  FileBody,
  FileDigestBody,
  LoginShellBody,
  MappedFileBody,
  PackageFileBody,
  ProgramLinkBody,
  ReplacedFileBody,
} from './file.ts';
import { HostBody } from './host.ts';
import { ProcessBody } from './process.ts';
import { InetSocketBody, PacketSocketBody, SocketFilterBody, UnixSocketBody } from './socket.ts';
import { BpfProgramBody, HiddenProcessBody, MountBody, PidSweepBody, UnitBody } from './system.ts';

/** Every kind of fact. */
export const ObservationBody = z.discriminatedUnion('kind', [
  HostBody,
  ProcessBody,
  PacketSocketBody,
  InetSocketBody,
  UnixSocketBody,
  SocketFilterBody,
  MappedFileBody,
  FileDigestBody,
  PackageFileBody,
  FileBody,
  ReplacedFileBody,
  LoginShellBody,
  ProgramLinkBody,
  MountBody,
  UnitBody,
  HiddenProcessBody,
  PidSweepBody,
  BpfProgramBody,
]);
export type ObservationBody = z.infer<typeof ObservationBody>;
export type ObservationKind = ObservationBody['kind'];
