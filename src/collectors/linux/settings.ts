import { defineCollector, shell } from '../../model/collector.ts';
import {
  folderOf,
  HOME_SETTINGS,
  HOME_UNIT_FOLDERS,
  HOOK_FOLDERS,
  LISTED_DEPTH,
  LISTED_FLAT,
  LISTED_FOLDERS,
  LOGIN_BYTES,
  LOGIN_FILES,
  LOGIN_MODULES,
  MOST_SETTINGS_LINES,
  NAMING_LINES,
  NOT_NAMING,
  SETTINGS,
  SETTINGS_FOLDERS,
  SETUID_FOLDERS,
  UNIT_FOLDERS,
  UNIT_LINES,
} from '../../model/settings-files.ts';

const FILES = SETTINGS.filter((place) => folderOf(place) === undefined);
/** A folder and, as patterns of the shell, those below it that are read as well. */
const FOLDERS = SETTINGS.flatMap((place) => {
  const { folder = '', depth = 0 } = folderOf(place) ?? {};
  return Array.from({ length: depth }, (_, deep) => `${folder}${'/*'.repeat(deep)}`);
});
/** Lines of services beyond this are none that people wrote; they are left out, and that is told. */
const NAMING_BYTES = 400_000;

// $lw_remote: mount points behind which another host may answer, or a mount may begin. A home folder there is not touched.
// $lw_set: the files, one a line. A name with a colon could pass for another file; what is listed of it is told by the metadata.
// $lw_mnts: one process for each other mount namespace, whose own list of libraries it is that counts there.
const READ_WHOLE = `
lw_set=; lw_homes=; lw_remote=; lw_count=0; lw_cut=0
while read -r lw_x lw_x lw_x lw_x lw_point lw_more; do
  case $lw_more in *' - autofs '* | *' - nfs'* | *' - cifs '* | *' - fuse'* | *' - 9p '*) lw_remote="$lw_remote $lw_point" ;; esac
done </proc/self/mountinfo
lw_is_remote() {
  lw_was=$IFS; IFS=' '; lw_is=1
  for lw_m in $lw_remote; do case $1/ in "$lw_m"/*) lw_is=0; break ;; esac; done
  IFS=$lw_was
  return "$lw_is"
}
lw_add() {
  case $1 in *:* | *'
'*) return ;; esac
  [ -f "$1" ] && [ -r "$1" ] || return
  lw_count=$((lw_count + 1))
  if [ "$lw_count" -gt 3000 ]; then lw_cut=126; else lw_set="$lw_set$1
"; fi
}
while IFS=: read -r lw_x lw_x lw_x lw_x lw_x lw_home lw_x; do
  case $lw_home in /?*) ;; *) continue ;; esac
  case $lw_home in *[!A-Za-z0-9_./@+-]* | /bin | /sbin | /usr/* | /dev | /proc | /run) continue ;; esac
  case " $lw_homes " in *" $lw_home "*) continue ;; esac
  [ \${#lw_homes} -le 20000 ] || break
  if ! lw_is_remote "$lw_home" && [ -d "$lw_home" ]; then lw_homes="$lw_homes $lw_home"; fi
done </etc/passwd
for lw_f in ${FILES.join(' ')}; do lw_add "$lw_f"; done
for lw_d in ${FOLDERS.join(' ')}; do
  [ -d "$lw_d" ] || continue
  for lw_f in "$lw_d"/* "$lw_d"/.[!.]*; do lw_add "$lw_f"; done
done
for lw_d in $lw_homes; do
  for lw_f in ${HOME_SETTINGS.map((name) => `"$lw_d"/${name}`).join(' ')}; do lw_add "$lw_f"; done
done
for lw_p in $lw_mnts; do
  [ "/proc/$lw_p/ns/mnt" -ef /proc/self/ns/mnt ] || lw_add "/proc/$lw_p/root/etc/ld.so.preload"
done
set -f; lw_ifs=$IFS; IFS='
'
[ -z "$lw_set" ] || lw_slim grep -aH -m ${MOST_SETTINGS_LINES} '' $lw_set 2>&1
lw_code=$?
IFS=$lw_ifs; set +f
[ "$lw_cut" -eq 0 ] || (exit "$lw_cut")
[ "$lw_code" -le 1 ] || (exit "$lw_code")`;

const UNITS = `
lw_dirs=
for lw_d in ${UNIT_FOLDERS.join(' ')}; do
  case $lw_d in /lib/*) [ ! -h /lib ] || continue ;; esac
  [ -d "$lw_d" ] && lw_dirs="$lw_dirs $lw_d"
done
for lw_h in $lw_homes; do
  for lw_d in ${HOME_UNIT_FOLDERS.join(' ')}; do [ -d "$lw_h/$lw_d" ] && lw_dirs="$lw_dirs $lw_h/$lw_d"; done
done
lw_units=
[ -z "$lw_dirs" ] || lw_units=$(lw_slim grep -aHrE '${UNIT_LINES}' $lw_dirs 2>/dev/null)
lw_dirs=
for lw_d in /etc/* /etc/.[!.]*; do
  case \${lw_d#/etc/} in ${NOT_NAMING.join(' | ')} | *[!A-Za-z0-9_.+@-]*) continue ;; esac
  [ -r "$lw_d" ] && ! lw_is_remote "$lw_d" && lw_dirs="$lw_dirs $lw_d"
done
lw_naming=$(lw_slim grep -aHrE -m 200 '${NAMING_LINES}' $lw_dirs /dev/null 2>/dev/null | lw_plain tr -d '\\000')
lw_cut=0
[ \${#lw_naming} -le ${NAMING_BYTES} ] || { lw_naming=; lw_cut=126; }
lw_units="$lw_units
$lw_naming"
printf '%s\\n' "$lw_units"
(exit "$lw_cut")`;

// $lw_setuid: programs with the rights of another user; $lw_walked: every other program of those folders. find has seen their
// rights already; the shell tells them apart without starting anything.
const SETUID = `
lw_dirs=
for lw_d in ${SETUID_FOLDERS.join(' ')}; do [ -d "$lw_d" ] && [ ! -h "$lw_d" ] && ! lw_is_remote "$lw_d" && lw_dirs="$lw_dirs $lw_d"; done
lw_walked=$(lw_plain find $lw_dirs -xdev -maxdepth 4 -type f '(' -perm -4000 -o -perm -2000 -o '(' -perm -0100 -o -perm -0010 -o -perm -0001 ')' ! -name '*.so' ! -name '*.so.*' ')' 2>/dev/null)
lw_setuid=; set -f; lw_ifs=$IFS; IFS='
'
for lw_w in $lw_walked; do
  if [ -u "$lw_w" ] || [ -g "$lw_w" ]; then lw_setuid="$lw_setuid$lw_w
"; fi
done
IFS=$lw_ifs; set +f
printf '%s' "$lw_setuid"`;

// $lw_capable: programs with capabilities of their own, among those of the folders and those that run. A name with a line feed
// cannot be asked about, and what is too much for one start is cut: the status tells.
const CAPABILITIES = `
lw_asked=; lw_capable=; lw_count=0; lw_cut=0; set -f; lw_ifs=$IFS; IFS='
'
for lw_line in $lw_mappings; do
  lw_rest=\${lw_line#* }
  lw_get exe "\${lw_rest%% *}"
  lw_path=/\${lw_line#*/}
  [ -z "$lw_got" ] || lw_is_remote "$lw_path" || [ ! -f "$lw_path" ] || lw_asked="$lw_asked$lw_path
"
  [ \${#lw_asked} -le 100000 ] || { lw_cut=126; break; }
done
for lw_w in $lw_walked; do
  case $lw_w in /*) ;; *) lw_cut=126; continue ;; esac
  lw_count=$((lw_count + 1))
  if [ "$lw_count" -gt 12000 ]; then lw_cut=126; lw_walked=; break; fi
done
lw_found=; lw_code=0
if [ -z "$lw_asked$lw_walked" ]; then true
elif lw_tool getcap; then lw_found=$(lw_plain getcap $lw_asked $lw_walked 2>/dev/null); lw_code=$?
elif lw_tool getfattr; then lw_found=$(lw_plain getfattr --absolute-names -h -e hex -n security.capability $lw_asked $lw_walked 2>/dev/null); lw_code=$?
else lw_cut=127; fi
[ "$lw_code" -lt 126 ] || lw_cut=126
for lw_line in $lw_found; do
  case $lw_line in
    '# file: '*) lw_path=\${lw_line#*: } ;;
    *) lw_path=\${lw_line%% cap_*}; lw_path=\${lw_path%% =*} ;;
  esac
  [ ! -f "$lw_path" ] || lw_capable="$lw_capable$lw_path
"
done
IFS=$lw_ifs; set +f
printf '%s\n' "$lw_found"
[ "$lw_cut" -eq 0 ] || (exit "$lw_cut")`;

// $lw_named: files that those lines name, the files of the lines among them, each once. Scripts are named by the arguments of
// their interpreters.
const NAMED = `
lw_lines=$(printf '%s\\n' /proc/[0-9]*/cmdline)
set -f; lw_ifs=$IFS; IFS=' 	
:=";|&!@,'
lw_words=$(
  { for lw_w in $lw_units; do case $lw_w in -/*) printf '%s\\n' "\${lw_w#-}" ;; /?*) printf '%s\\n' "$lw_w" ;; esac; done
    IFS='
'
    lw_slim grep -aohE '/[A-Za-z0-9_.+@/-]+' $lw_set $lw_lines /dev/null
    printf '%s' "$lw_set"
  } 2>/dev/null | lw_plain sort -u)
IFS='
'
lw_helpers=
for lw_f in /proc/sys/kernel/core_pattern /proc/sys/kernel/modprobe; do
  lw_w=; [ ! -r "$lw_f" ] || read -r lw_w <"$lw_f"
  lw_w=\${lw_w#|}
  lw_helpers="$lw_helpers
\${lw_w%% *}"
done
lw_named=; lw_count=0
for lw_w in $lw_words $lw_setuid $lw_capable $lw_helpers; do
  case $lw_w in /dev/* | /proc/* | /sys/*) case $lw_w in /dev/shm/*) ;; *) continue ;; esac ;; esac
  if lw_is_remote "$lw_w" || [ ! -f "$lw_w" ]; then continue; fi
  lw_count=$((lw_count + 1)); [ "$lw_count" -le 3000 ] || break
  lw_named="$lw_named$lw_w
"
done
IFS=$lw_ifs; set +f
for lw_w in ${[...LOGIN_MODULES, ...HOOK_FOLDERS.map((folder) => `${folder}/*`)].join(' ')}; do
  [ -f "$lw_w" ] && lw_named="$lw_named$lw_w
"
done
printf '%s' "$lw_named"`;

const LISTED = `-xdev -maxdepth ${LISTED_DEPTH} ! -type b ! -type c`;
const PRUNED = `'(' ${LISTED_FLAT.map((folder) => `-path '${folder}/*'`).join(' -o ')} ')' -prune 2>/dev/null`;

// Where find has no -printf, stat prints a line a file, without targets of links; names with a line feed, which could pass for
// another file, are left out.
const METADATA = `
lw_dirs=
for lw_d in ${[...LISTED_FOLDERS, ...UNIT_FOLDERS, ...HOOK_FOLDERS, ...SETTINGS_FOLDERS].join(' ')}; do
  [ -d "$lw_d" ] && ! lw_is_remote "$lw_d" && lw_dirs="$lw_dirs $lw_d/"
done
for lw_d in ${LISTED_FLAT.join(' ')}; do [ -d "$lw_d" ] && lw_dirs="$lw_dirs $lw_d/"; done
set -f; lw_ifs=$IFS; IFS=' 
'
if lw_printf_works; then
  lw_plain find $lw_dirs $lw_named ${LISTED} -printf '%p\\0%y %s %U %G %m %n %i %A@ %T@ %C@ %B@ %l\\0' ${PRUNED}
  lw_code=$?
elif lw_tool stat; then
  lw_line='
'
  lw_plain find $lw_dirs $lw_named ${LISTED} ! -path "*$lw_line*" -exec stat -c '%f %s %u %g %h %i %X %Y %Z %n' {} + ${PRUNED}
  lw_code=$?
else lw_code=127; fi
IFS=$lw_ifs; set +f
[ "$lw_code" -le 1 ] || (exit "$lw_code")`;

const LOGINS = `
lw_logs=
for lw_f in ${LOGIN_FILES.join(' ')}; do [ -f "$lw_f" ] && lw_logs="$lw_logs $lw_f"; done
if [ -n "$lw_logs" ]; then lw_plain tail -v -c ${LOGIN_BYTES} $lw_logs 2>/dev/null; else (exit 127); fi`;

const SHADOW = `
if [ -r /etc/shadow ]; then
  while IFS=: read -r lw_user lw_hash lw_x; do
    case $lw_hash in '') lw_hash=none ;; '!'* | '*'*) lw_hash=locked ;; *) lw_hash=set ;; esac
    printf '%s:%s\\n' "$lw_user" "$lw_hash"
  done </etc/shadow
elif [ -e /etc/shadow ]; then (exit 1)
else (exit 127); fi`;

/** Nothing that belongs to another host is touched, and no password hash leaves the host. */
export const settings = defineCollector({
  id: 'linux/settings',
  summary:
    'What starts by itself, who may log in and by which modules, login records, and the metadata of these files.',
  platform: 'linux',
  privilege: 'root',
  profile: 'standard',
  steps: [
    shell('files/settings', READ_WHOLE),
    shell('command/units', UNITS),
    shell('command/setuid-files', SETUID),
    shell('command/file-capabilities', CAPABILITIES),
    shell('command/named-files', NAMED),
    shell('files/metadata', METADATA),
    shell('files/logins', LOGINS),
    shell('command/shadow-states', SHADOW),
  ],
});
