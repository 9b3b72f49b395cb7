import { createHash } from 'node:crypto';

/**
 * What each section of the script is for, and what of a file it takes. A section without words here, or words without a section,
 * fails the test run: nothing is asked of a host that this page does not tell.
 */
const PURPOSES: Readonly<Record<string, string>> = {
  'command/program-strings':
    'Whether running programs of no package hold words that were published of implants (`indicators/`). Only the words that were found leave the host.',
  files: 'Read whole: what the host is, when it was started, what is mounted, which modules its kernel holds.',
  'processes stat': 'State, parent, start and control group of every process.',
  'processes status': 'The user of every process, and the signals that it ignores: two lines of the file.',
  'processes cmdline': 'Arguments and environment of every process, whole. They may hold secrets of the host.',
  'processes maps':
    'Of the mappings of every process, the lines of executable ones. No memory of a process is ever read.',
  'command/process-links':
    'Where the links of every process lead: program, working folder, root folder, namespaces, descriptors.',
  'command/process-images': 'Device, inode, links, size and times of every program that runs, and of the namespaces.',
  '/proc/*/net': 'The tables of sockets, once for each network namespace.',
  'command/routes': 'Routes and neighbours of each network namespace, by at most 800 lines together.',
  'command/ss-packet': 'Packet sockets and the filters on them, asked of the kernel by `sock_diag`.',
  'command/socket-filters':
    'Filters that `ss` does not show. A descriptor is duplicated (`pidfd_open`, `pidfd_getfd`), asked by `getsockopt(SO_GET_FILTER)` and closed; ' +
    'nothing is read from the socket, and its owner does not notice. perl where there is one, else python3. `--no-borrow` leaves this section out.',
  'command/bpf-held': 'Which processes hold eBPF objects, and the `fdinfo` of those descriptors.',
  'command/bpf-symbols': 'Two kinds of lines of the symbols of the kernel.',
  'command/nft-ruleset':
    'Rules of nf_tables, only where the kernel has nf_tables already. Of other network namespaces at most four are entered, for this listing alone.',
  'command/iptables-save': 'Rules of iptables, only where tables of it are there already.',
  'command/pid-sweep': 'Whether a process number answers that is in no listing: the shell itself looks up each number.',
  'command/sys-modules': 'Names of the modules of the kernel; no file is opened.',
  'command/dmesg': 'The log of the kernel; it is not emptied.',
  'command/virtualization':
    'Whether the processor tells of a hypervisor, and the marks that containers leave: two lines.',
  'command/security-modules':
    'Mode of SELinux, now and as set, the security modules of the kernel, and how many profiles of AppArmor are in which mode.',
  'files/settings':
    'Files by which something starts by itself or somebody may enter: the first lines of each (`-m`). Of home folders in /etc/passwd the listed files alone; ' +
    'a folder behind autofs, NFS, CIFS, FUSE or 9P is not touched. SSH keys are read where they are public: authorized_keys, never a private key.',
  'command/units':
    'Of units, udev rules and D-Bus services the lines that start something. The environment of a unit may hold secrets.',
  'command/setuid-files': 'Names of programs that run with the rights of another user.',
  'command/file-capabilities':
    'Which of those programs, and of those that run, have capabilities of their own. getcap where there is one, else getfattr.',
  'command/named-files':
    'Which of the files that those settings name are there, and the modules that logins go through.',
  'files/metadata': 'Kind, size, owner, rights and times of those files and of the listed folders. No content.',
  'files/logins': 'The last part of the records of logins, and the last login of each user.',
  'command/shadow-states': 'Whether each account has a password, none, or is locked. No password hash is printed.',
  'command/code-digests':
    'Digests of what is mapped as code, of modules of logins and of programs with the rights of another user.',
  'command/replaced-files': 'Printed from what the section before has seen; nothing is read.',
  'command/dpkg-owners': 'Which package each of those files belongs to.',
  'command/dpkg-times': 'When those packages were installed or upgraded.',
  'command/dpkg-md5sums': 'The digests that those packages recorded.',
  'command/process-digests': 'Digests of the programs that run; a foreign one larger than 32 MiB is left out.',
  'command/rpm-files':
    'Package and recorded digest of those files, on hosts of rpm. rpm may touch the lock file of its own database.',
  'command/program-links': 'Links among the programs of the host.',
};

/** The places in which the script opens files for reading. A test holds a traced run against them. */
export const PLACES: readonly (readonly [prefix: string, why: string])[] = [
  ['/proc', 'the kernel’s tables, and one folder a process'],
  ['/sys/', 'what the kernel tells of itself'],
  ['/dev/kmsg', 'the log of the kernel, by dmesg'],
  ['/dev/null', ''],
  ['/dev/', 'names and metadata; no device is opened but these and urandom, by perl or python'],
  ['/dev/shm/', 'metadata, and the digest of a program that runs from there'],
  ['/tmp', 'metadata of what lies in it, and the digest of a program that runs from there'],
  ['/etc/', 'the files named below'],
  ['/run', 'units, udev rules, metadata'],
  ['/var/spool/', 'jobs of cron and at'],
  ['/var/lib/dpkg/', 'the database of packages'],
  ['/var/lib/rpm', 'the same'],
  ['/var/log', 'metadata; the records of logins'],
  ['/var/tmp', 'metadata of what lies in it'],
  ['/bin', 'programs and libraries: links, rights, digests'],
  ['/sbin', 'the same'],
  ['/lib', 'the same'],
  ['/usr/', 'the same; units'],
  ['/opt', 'the same'],
];

interface Section {
  readonly name: string;
  readonly text: string;
}

/** The reference of what the collector does on a host, made from the script itself (its nonce all zeros). */
export function collectorPage(script: string, withoutBorrow: string): string {
  const sections = sectionsOf(script);
  const untold = sections.filter(({ name }) => PURPOSES[name] === undefined).map(({ name }) => name);
  const idle = Object.keys(PURPOSES).filter((name) => !sections.some((section) => section.name === name));
  if (untold.length + idle.length > 0)
    throw new Error(
      `scripts/collector-page.ts says nothing of ${untold.join(', ')}; tells of ${idle.join(', ')}, which is gone`,
    );
  const parts = [
    '# What the collector does on a host',
    '<!-- Generated by scripts/docs.ts. -->',
    'Made from the one script that a look feeds to `sh -s`. [The vendor sheet](../guides/vendor-sheet.md) says what it never does and how to see that.',
    [
      '| script | SHA-256, its random number (`lw_nonce`) written as 32 zeros |',
      '| --- | --- |',
      `| \`longwatch scan --script\` | \`${sha256(script)}\` |`,
      `| \`longwatch scan --script --no-borrow\` | \`${sha256(withoutBorrow)}\` |`,
    ].join('\n'),
    `Programs that it may start, each by its full path in the folders of the system: ${listed(programsOf(script))}. The shell does the rest itself.`,
    [
      'Files are opened for reading, and nowhere but in:',
      '',
      ...PLACES.map(([place, why]) => `- \`${place}\`${why && `: ${why}`}`),
    ].join('\n'),
    'besides what runs or is mapped as code elsewhere, for its digest, and the listed files of home folders. In what follows, words with `$` are those of the script; `[0-9]*/` is a folder of /proc for each process.',
    ...sections.flatMap(({ name, text }) => [`## \`${name}\``, PURPOSES[name] ?? '', ...detailsOf(text)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function detailsOf(text: string): string[] {
  const commands = commandsOf(text);
  const loops = [...text.matchAll(/\bfor (lw_\w+) in ([^\n;]*[\w*][^\n;]*); do/g)].filter(
    ([, , list = '']) => !/^\$\S+$|\$\(/.test(list.trim()),
  );
  const rest = loops.reduce((left, [loop]) => left.replace(loop, ''), text);
  const paths = pathsOf(rest).filter((path) => !commands.some((command) => command.includes(path)));
  const points = [
    ...commands.map((command) => `- starts \`\` ${command} \`\``),
    ...loops.map(([, variable, list = '']) => `- \`$${variable}\`: ${listed(list.trim().split(/\s+/))}`),
    ...(paths.length === 0 ? [] : [`- the shell looks at ${listed(paths)}`]),
  ];
  return points.length === 0 ? [] : [points.join('\n')];
}

function sectionsOf(script: string): Section[] {
  return [...script.matchAll(/^lw_mark begin ('[^'\n]*'|\S+)\n([\s\S]*?)^lw_mark end \$\?$/gm)].map(
    ([, name = '', text = '']) => ({
      name: name.replaceAll("'", ''),
      text: text.replace(/^lw_mark ask .*\n/gm, '').replace(/^lw_mark read\n/m, ''),
    }),
  );
}

/** Every name that is looked for in the folders of the system, and what find starts. */
export function programsOf(script: string): readonly string[] {
  const named = [
    ...script.matchAll(/\blw_(?:tool|plain|bounded|slim|small) ([a-z][\w-]*)/g),
    ...script.matchAll(/\blw_sum=(\w+)/g),
    ...script.matchAll(/ -exec (\w+)/g),
  ].map(([, name = '']) => name);
  return [...new Set(named.filter((name) => !name.startsWith('lw_')))].toSorted();
}

const START = /\blw_(?:plain|bounded|slim|small) (?=["\w])|(?<=^ *|then |do )(?="\$lw_(?:t|nsenter)" )/gm;

/** The command lines of a section, as they stand there; a program that follows -e or -c in quotes is left to the script. */
function commandsOf(text: string): string[] {
  const found = [...text.matchAll(START)].map(({ 0: start, index }) => {
    const tool = /lw_tool [\w-]+(?: \|\| lw_tool [\w-]+)*/g;
    const [looked = ''] = [...text.slice(0, index).matchAll(tool)].at(-1) ?? [];
    return upToEnd(text.slice(index + start.length))
      .replace(/ -([ec]) '\n[\s\S]*'/, ' -$1 PROGRAM')
      .replace('"$lw_nsenter"', 'nsenter')
      .replace('"$lw_t"', looked.replaceAll('lw_tool ', '').replaceAll('||', 'or'))
      .replace('"$lw_sum"', 'md5sum or sha256sum')
      .trim();
  });
  return [...new Set(found)];
}

/** A command from its first word to what ends it outside of quotes, without redirections. */
function upToEnd(text: string): string {
  const [line = ''] = /^(?:'[^']*'|"[^"]*"|\$\{[^}]*\}|[^'"\n;|&)]|(?<=>)&)*/.exec(text) ?? [];
  return line.replace(/\s*(?:2>\/dev\/null|2>&1)\s*/g, ' ');
}

const PATTERN = /(\bin\s|;;)\s*(?:'[^']*'|[^()'])*?\)/g;
const PATH = /(?<=^|[\s"'=(<])((?:\/[a-z]|\[0-9\]\*\/|"?\$lw_\w+"?\/)[\w.*+@$/[\]{}!"-]*)/gm;
const TOP = /^\/(?:bin|dev|etc|home|lib|lib64|opt|proc|root|run|sbin|sys|tmp|usr|var)$/;

/** Paths of a section, as they stand there, without the patterns of `case` and the strings that only tell names apart. */
function pathsOf(text: string): readonly string[] {
  const plain = text
    .replace(/\bcase\b[\s\S]*?\besac\b/g, (block) => block.replace(PATTERN, '$1 '))
    .replace(/\$lw_names\/usr\$lw_\w+/g, '');
  const paths = [...plain.matchAll(PATH)].map(([, token = '']) => token.replaceAll('"', ''));
  const told = paths.filter((path) => path !== '/dev/null' && (/.\/./.test(path) || TOP.test(path)));
  return [...new Set(told)].toSorted();
}

const listed = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
