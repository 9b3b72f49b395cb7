import type { BodyOf } from '../../model/observation.ts';
import { seen } from '../../model/unseen.ts';

type Machine = BodyOf<'machine'>['machine'];

/** Who makes agents for machines of his own, and how those programs are called. */
export interface Maker {
  /** The machines, in words. */
  readonly of: string;
  /** What SMBIOS has on them, as maker or product. */
  readonly machines: RegExp;
  readonly agents: readonly string[];
}

/** Beside servers, hypervisors, whose tools have no place on another one. A name is a remark, and no name decides. */
const MAKERS: readonly Maker[] = [
  {
    of: 'HPE',
    machines: /\b(?:HPE?|Hewlett|Compaq|H3C|ProLiant|Synergy)\b/i,
    agents: [
      'hpasmlited',
      'hpasmd',
      'hpasmxld',
      'hpsmhd',
      'amsd',
      'amsHelper',
      'smad',
      'cmaeventd',
      'cmahealthd',
      'cmahostd',
      'cmanicd',
      'cmapeerd',
      'cmastdeqd',
    ],
  },
  {
    of: 'Dell',
    machines: /\b(?:Dell|EMC|PowerEdge|VxRail)\b/i,
    agents: ['dsm_sa_datamgrd', 'dsm_sa_eventmgrd', 'dsm_sa_snmpd', 'dsm_om_connsvcd', 'dsm_ism_srvmgrd'],
  },
  { of: 'Fujitsu', machines: /\b(?:Fujitsu|Primergy|FTS)\b/i, agents: ['eecd'] },
  { of: 'VMware', machines: /VMware/i, agents: ['vmtoolsd', 'vmware-vmblock-fuse', 'VGAuthService'] },
  { of: 'VirtualBox', machines: /VirtualBox|innotek/i, agents: ['VBoxService', 'VBoxClient'] },
  {
    of: 'Hyper-V',
    machines: /Microsoft|Virtual Machine/i,
    agents: ['hv_kvp_daemon', 'hv_vss_daemon', 'hv_fcopy_daemon'],
  },
];

/** The maker to whose agents a name belongs, where this machine is not one of his; undefined too where nothing is known of it. */
export function foreignMaker({ vendor, product }: Machine, name: string): Maker | undefined {
  const known = `${seen(vendor) ?? ''} ${seen(product) ?? ''}`.trim();
  if (known === '') return undefined;
  return MAKERS.find(({ agents, machines }) => agents.includes(name) && !machines.test(known));
}
