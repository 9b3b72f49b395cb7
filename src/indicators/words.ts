/**
 * Words that have been published of programs of implants, for a search in programs that run and belong to no package: fixed
 * strings, few and short enough for one command line. They are those of the sheets in `indicators/`, which a test compares.
 */
export const PUBLISHED_WORDS: readonly string[] = [
  '.caahGss187',
  '.puma-config',
  '135798642',
  '8825FC47153E264D',
  ':f:wiunomc',
  ':f:x:wiuoc',
  ':h:d:l:s:b:t:',
  'CCPATH',
  'HIDETAGIN',
  'I5*AYbs@LdaWbsO',
  'VMware User Mode Helper',
  'XDP_PoC_0',
  'data.resolveld',
  'diamorphine_secret',
  'execProcEnd',
  'justforfun',
  'kdmtmpflush',
  'keyword_parm.txt',
  'my_socks_mgr',
  'port_fwd_mgr',
  'qmgr -l -t fifo -u',
  'reptile_shell',
  'ttcompat',
];
