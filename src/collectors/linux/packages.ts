import { defineCollector, file, search, shell } from '../../model/collector.ts';

// What runs and what it mapped as code, once for each file; both spellings where /bin is /usr/bin. A program is hashed later
// through its process, where no other mount can take its place: here only its path is kept, as path PID (lw_get). Anybody may
// map as many files as he likes: what is beyond the bounds is cut, and told by the status.
const CODE_FILES = `
lw_code=; lw_names=; lw_replaced=; lw_apart=; lw_count=0; lw_cut=0
set -f; lw_ifs=$IFS; IFS='
'
for lw_line in $lw_mappings; do
  lw_count=$((lw_count + 1))
  if [ "$lw_count" -gt 4000 ] || [ \${#lw_names} -gt 500000 ]; then lw_cut=126; break; fi
  lw_path=/\${lw_line#*/}
  case $lw_path in /memfd:* | /SYSV* | /dev/zero* | '/ (deleted)') continue ;; esac
  lw_bare=$lw_path
  [ -e "$lw_path" ] || lw_bare=\${lw_path% \\(deleted\\)}
  lw_names="$lw_names$lw_bare
"
  case $lw_bare in
    /usr/bin/* | /usr/sbin/* | /usr/lib*) lw_names="$lw_names\${lw_bare#/usr}
" ;;
    /bin/* | /sbin/* | /lib*) lw_names="$lw_names/usr$lw_bare
" ;;
  esac
  lw_rest=\${lw_line#* }
  lw_get exe "\${lw_rest%% *}"
  if [ "$lw_bare" = "$lw_path" ] && [ -n "$lw_got" ] && [ "$lw_path" -ef "/proc/$lw_got/exe" ]; then lw_put path "$lw_got" "$lw_path"
  elif [ "$lw_bare" = "$lw_path" ]; then
    [ -z "$lw_got" ] || lw_apart="$lw_apart $lw_got/exe"
    [ ! -f "$lw_path" ] || lw_code="$lw_code$lw_path
"
  else
    # Deleted: its digest tells whether it is that of the package all the same.
    [ -z "$lw_got" ] || lw_apart="$lw_apart $lw_got/exe"
    [ ! -e "$lw_bare" ] || lw_replaced="$lw_replaced$lw_bare
"
  fi
done
for lw_path in $lw_named; do
  lw_names="$lw_names$lw_path
"
  case $lw_path in
    /usr/bin/* | /usr/sbin/* | /usr/lib*) lw_names="$lw_names\${lw_path#/usr}
" ;;
    /bin/* | /sbin/* | /lib*) lw_names="$lw_names/usr$lw_path
" ;;
  esac
  case $lw_path in */security/*.so | */libnss_* | */systemd/*-generators/* | */systemd/system-s*/*) lw_code="$lw_code$lw_path
" ;; esac
done
for lw_path in $lw_setuid $lw_capable; do [ ! -f "$lw_path" ] || lw_code="$lw_code$lw_path
"; done
if [ -f /var/lib/dpkg/status ]; then lw_sum=md5sum; else lw_sum=sha256sum; fi
[ -z "$lw_code" ] || lw_bounded "$lw_sum" -- $lw_code 2>&1
IFS=$lw_ifs; set +f
(exit "$lw_cut")`;

const DPKG_OWNERS = `
if [ -z "$lw_names" ] || [ ! -f /var/lib/dpkg/status ]; then (exit 127)
else
  lw_owners=$(printf '%s' "$lw_names" | lw_plain grep -aHxF -f - /var/lib/dpkg/info/*.list 2>/dev/null)
  printf '%s\\n' "$lw_owners"
fi`;

// When the package of each owner was last installed or upgraded: its list of files is written then.
const DPKG_TIMES = `
if [ -z "$lw_owners" ]; then (exit 127)
else
  lw_lists=; set -f; lw_ifs=$IFS; IFS='
'
  for lw_line in $lw_owners; do
    lw_line=\${lw_line%%.list:/*}.list
    case $lw_lists in *"$lw_line
"*) ;; *) lw_lists="$lw_lists$lw_line
" ;; esac
  done
  lw_plain stat -c '%Y %n' $lw_lists 2>/dev/null
  IFS=$lw_ifs; set +f; true
fi`;

const DPKG_SUMS = `
if [ -z "$lw_names" ] || [ ! -f /var/lib/dpkg/status ]; then (exit 127)
else
  set -f; lw_ifs=$IFS; IFS='
'
  lw_wanted=
  for lw_path in $lw_names; do lw_wanted="$lw_wanted  \${lw_path#/}
"; done
  IFS=$lw_ifs; set +f
  printf '%s' "$lw_wanted" | lw_plain grep -aHF -f - /var/lib/dpkg/info/*.md5sums 2>/dev/null; [ $? -le 1 ]
fi`;

// A program at the path of a package by the digest that the package recorded; any other by SHA-256, the digest that others
// publish. Hashing is the dearest step of a look, so that each is read once, and a foreign one larger than 32 MiB not at all:
// implants are small, runtimes are not. Only a program whose path names another file in this view ($lw_apart) is asked for both.
const PROGRAM_DIGESTS = `
lw_owned=$lw_apart; lw_foreign=
[ -f /var/lib/dpkg/status ] || lw_large= # SHA-256 is the digest of packages there
for lw_pid in $lw_unique; do
  lw_get path "$lw_pid"
  case "$lw_owners
" in
    *":\${lw_got:-/ none}
"* | *":\${lw_got#/usr}
"*) lw_owned="$lw_owned $lw_pid/exe" ;;
    *) case $lw_large in *" $lw_pid "*) ;; *) lw_foreign="$lw_foreign $lw_pid/exe" ;; esac ;;
  esac
done
[ -z "$lw_owned" ] || [ ! -f /var/lib/dpkg/status ] || lw_plain md5sum $lw_owned 2>&1
[ -z "$lw_foreign" ] || lw_plain sha256sum $lw_foreign 2>&1
true`;

const RPM_FILES = `
if [ -d /var/lib/rpm ] && lw_tool rpm && [ ! -f /var/lib/dpkg/status ]; then
  set -f; lw_ifs=$IFS; IFS='
'
  lw_bounded rpm -qf --queryformat '[%{=NAME}\\t%{=INSTALLTIME}\\t%{FILEDIGESTS}\\t%{FILENAMES}\\n]' $lw_names 2>/dev/null
  IFS=$lw_ifs; set +f; true
else (exit 127); fi`;

/** The checksum that a package recorded, beside that of the file that runs. */
export const packages = defineCollector({
  id: 'linux/packages',
  summary: 'Package and recorded checksum of every running program and mapped library, and the real checksum.',
  platform: 'linux',
  privilege: 'root',
  profile: 'quick',
  steps: [
    shell('command/code-digests', CODE_FILES),
    shell('command/replaced-files', `printf '%s' "$lw_replaced"`),
    shell('command/dpkg-owners', DPKG_OWNERS),
    shell('command/dpkg-times', DPKG_TIMES),
    shell('command/dpkg-md5sums', DPKG_SUMS),
    shell('command/process-digests', PROGRAM_DIGESTS),
    search('command/program-strings', 'lw_foreign'),
    shell('command/rpm-files', RPM_FILES),
    file('/lib/apk/db/installed'),
    file('/var/lib/dpkg/diversions'),
  ],
});
