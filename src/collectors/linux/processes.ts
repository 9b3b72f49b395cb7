import { defineCollector, eachProcess, shell } from '../../model/collector.ts';

// self/ns are the namespaces of the look. Records end in NUL, so that no file name can forge one; where find has no -printf, ls has to do.
const LINKS = `
if lw_printf_works; then lw_plain find self/ns [0-9]*/exe [0-9]*/cwd [0-9]*/root [0-9]*/ns [0-9]*/fd -type l -printf '%p\\0%l\\0' 2>/dev/null
else lw_plain find self/ns [0-9]*/exe [0-9]*/cwd [0-9]*/root [0-9]*/ns [0-9]*/fd -type l -exec ls -ln {} + 2>/dev/null; fi`;

// Of two files, so that one start brings both. A stack is told by its calls of the system, so that one that was read is not empty.
const LINES = '^\\([UG]id\\|SigIgn\\|NSpid\\):\\|_recvmsg+\\|sys';

// $lw_large: processes whose program is larger than 32 MiB. $lw_unique: one process for each program file, by device and inode, and exe INODE (lw_get) the same by inode alone;
// $lw_mappings: device, inode and path of every file that is mapped as code, each once.
// $lw_nets and $lw_mnts: one process for each network and mount namespace; netns PID (lw_get) the inode of the first.
const IMAGES = `
lw_images=$(lw_bounded stat -L -c '%n %d:%i %h %s %Y %Z' [0-9]*/exe [0-9]*/root [0-9]*/ns/net [0-9]*/ns/mnt /proc/self/root 2>/dev/null)
lw_code=$?
printf '%s\\n' "$lw_images"
lw_unique=; lw_large=; lw_nets=; lw_mnts=; set -f; lw_ifs=$IFS; IFS='
'
for lw_line in $(printf '%s\\n' "$lw_images" | lw_plain sort -u -k 2,2); do
  case $lw_line in
    [0-9]*/exe\\ *)
      lw_unique="$lw_unique \${lw_line%%/*}"
      lw_rest=\${lw_line#* * * }
      [ "\${lw_rest%% *}" -le 33554432 ] 2>/dev/null || lw_large="$lw_large \${lw_line%%/*} "
      lw_rest=\${lw_line#*:}
      lw_put exe "\${lw_rest%% *}" "\${lw_line%%/*}"
      ;;
    [0-9]*/ns/net\\ *)
      lw_nets="$lw_nets \${lw_line%%/*}"
      lw_rest=\${lw_line#*:}
      lw_put netns "\${lw_line%%/*}" "\${lw_rest%% *}"
      ;;
    [0-9]*/ns/mnt\\ *) lw_mnts="$lw_mnts \${lw_line%%/*}" ;;
  esac
done
IFS=$lw_ifs; set +f
lw_mappings=$(lw_plain sed -n 's|^[0-9a-f]*-[0-9a-f]* r[-w]xp [0-9a-f]* \\([0-9a-f]*:[0-9a-f]* [0-9][0-9]*\\) *\\(/.*\\)$|\\1 \\2|p' [0-9]*/maps 2>/dev/null | lw_plain sort -u)
# 1 is for processes that ended meanwhile and threads of the kernel, which have no program.
[ "$lw_code" -le 1 ] || (exit "$lw_code")`;

/** Without root the links, environments and maps of other users' processes are denied; the snapshot says for how many. */
export const processes = defineCollector({
  id: 'linux/processes',
  summary:
    'Every process: state, arguments, environment, program file, descriptors, namespaces, control group, code it mapped.',
  platform: 'linux',
  privilege: 'root',
  profile: 'quick',
  steps: [
    eachProcess('stat'),
    eachProcess('cgroup'),
    eachProcess('status', LINES),
    eachProcess('stack', LINES),
    eachProcess('cmdline'),
    eachProcess('environ'),
    eachProcess('maps', '^[^ ]* r.xp .*/\\|^[^ ]* rwxp'),
    shell('command/process-links', LINKS),
    shell('command/process-images', IMAGES),
  ],
});
