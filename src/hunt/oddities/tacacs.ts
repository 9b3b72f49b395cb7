import type { OddityFamily } from './oddity.ts';
import { Past } from './past.ts';

const PORT = 49;
const SYN = 2;
const ACK = 16;

export const tacacsOddities: OddityFamily = {
  id: 'oddities/tacacs',
  summary: 'Network devices that ask another server who may log in.',
  protocols: ['tcp'],
  kinds: [
    {
      name: 'tacacs-new-server',
      meaning:
        'A device asks a server of TACACS+ that it never asked: passwords of administrators go where an intruder points them.',
    },
    {
      name: 'tacacs-outside-server',
      meaning: 'A device asks a server of TACACS+ outside of the network, where before it asked another.',
    },
  ],
  create({ addresses }, report) {
    const servers = new Past({ messages: 5, micros: 600e6 });
    return (sight) => {
      if (sight.destinationPort !== PORT || (sight.flags & (SYN | ACK)) !== SYN) return;
      const { source, destination, micros } = sight;
      if (!servers.isNew(source, destination, micros)) return;
      const outside = !addresses.isPrivate(destination);
      report(outside ? 'tacacs-outside-server' : 'tacacs-new-server', sight, () => ({
        text: `asked a server of TACACS+${outside ? ' outside of the network' : ''} that it never asked before`,
      }));
    };
  },
};
