import { isUnseen } from '../../model/unseen.ts';
import { miss, textOf, type Image } from './image.ts';

const HOMES = 1_000;

/** Home folders: those of the users of the image, and whatever lies beside them under /home. */
export function homesOf(image: Image): readonly string[] {
  const passwd = textOf(image, '/etc/passwd');
  const told = isUnseen(passwd) ? [] : passwd.split('\n').map((line) => line.split(':')[5] ?? '');
  const beside = image.tree.list('/home');
  const homes = ['/root', ...told, ...(typeof beside === 'string' ? [] : beside.map((name) => `/home/${name}`))];
  // Users of services live in `/`, or nowhere; `/` has no start-up files of a user.
  const all = new Set(homes.filter((home) => /^\/[^/]/.test(home)).map((home) => home.replace(/\/+$/, '')));
  if (all.size > HOMES) miss(image, 'files/settings', 'truncated', `${HOMES} of ${all.size} homes are looked into`);
  return [...all].slice(0, HOMES);
}
