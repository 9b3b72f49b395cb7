import type { Parser } from '../model/parser.ts';
import { apkInstalled } from './linux/apk-installed.ts';
import { bpfHeld, bpfSymbols } from './linux/bpf-programs.ts';
import { codeDigests } from './linux/code-digests.ts';
import { dpkg } from './linux/dpkg.ts';
import { emptyFiles } from './linux/empty-files.ts';
import { host } from './linux/host.ts';
import { mappedCode } from './linux/mapped-code.ts';
import { mountinfo } from './linux/mountinfo.ts';
import { netTables } from './linux/net-tables.ts';
import { loginShells, replacedFiles } from './linux/paths.ts';
import { packageVerify } from './linux/package-verify.ts';
import { pidSweep } from './linux/pid-sweep.ts';
import { process } from './linux/process.ts';
import { programLinks } from './linux/program-links.ts';
import { rpmFiles } from './linux/rpm-files.ts';
import { socketFilters } from './linux/socket-filters.ts';
import { ssPacket } from './linux/ss-packet.ts';
import { units } from './linux/units.ts';

/** Every artifact format that Longwatch reads. */
export const parsers: readonly Parser[] = [
  apkInstalled,
  bpfHeld,
  bpfSymbols,
  codeDigests,
  dpkg,
  emptyFiles,
  host,
  loginShells,
  mappedCode,
  mountinfo,
  netTables,
  packageVerify,
  pidSweep,
  process,
  programLinks,
  replacedFiles,
  rpmFiles,
  socketFilters,
  ssPacket,
  units,
];
