import { z } from 'zod';
import {
  AccountBody,
  AuthorizedKeyBody,
  LastLoginBody,
  LoginLogBody,
  NameServiceBody,
  PamEntryBody,
  PrivilegeRuleBody,
} from './access.ts';
import {
  FileBody,
  FileCapabilityBody,
  FileDigestBody,
  LoginShellBody,
  MappedFileBody,
  PackageChangeBody,
  PackageFileBody,
  ProgramLinkBody,
  ProgramTextBody,
  ReplacedFileBody,
  UnownedFileBody,
} from './file.ts';
import { HostBody, MachineBody, SecurityModuleBody } from './host.ts';
import { KernelMessageBody, KernelModuleBody, KernelStateBody } from './kernel.ts';
import { ConntrackFlowBody, FirewallRuleBody, NeighbourBody, RouteBody, SocketCountBody } from './network.ts';
import { ProcessBody } from './process.ts';
import { InetSocketBody, PacketSocketBody, SocketFilterBody, UnixSocketBody } from './socket.ts';
import { StartupBody } from './startup.ts';
import { BpfProgramBody, HiddenProcessBody, KernelWaitBody, MountBody, PidSweepBody, UnitBody } from './system.ts';
import { NetworkEventBody, WireRecordBody } from './traffic.ts';

/** Every kind of fact. */
export const ObservationBody = z.discriminatedUnion('kind', [
  HostBody,
  MachineBody,
  SecurityModuleBody,
  ProcessBody,
  PacketSocketBody,
  InetSocketBody,
  UnixSocketBody,
  SocketFilterBody,
  MappedFileBody,
  FileDigestBody,
  PackageFileBody,
  UnownedFileBody,
  FileBody,
  FileCapabilityBody,
  ReplacedFileBody,
  LoginShellBody,
  ProgramLinkBody,
  MountBody,
  UnitBody,
  HiddenProcessBody,
  PidSweepBody,
  KernelWaitBody,
  BpfProgramBody,
  StartupBody,
  PamEntryBody,
  NameServiceBody,
  AccountBody,
  AuthorizedKeyBody,
  PrivilegeRuleBody,
  LoginLogBody,
  LastLoginBody,
  KernelModuleBody,
  KernelStateBody,
  KernelMessageBody,
  FirewallRuleBody,
  ConntrackFlowBody,
  SocketCountBody,
  RouteBody,
  NeighbourBody,
  PackageChangeBody,
  ProgramTextBody,
  NetworkEventBody,
  WireRecordBody,
]);
export type ObservationBody = z.infer<typeof ObservationBody>;
export type ObservationKind = ObservationBody['kind'];

/** Kinds that captures show; all others are shown by hosts. */
export const WIRE_KINDS: ReadonlySet<ObservationKind> = new Set<ObservationKind>(['network_event', 'wire_record']);
