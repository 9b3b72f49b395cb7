/** Whether a host is of a realm: networks of mobile operators give their names the same end. */
export function isOf(host: string, realm: string): boolean {
  const [name, end] = [host.toLowerCase(), realm.toLowerCase()];
  if (name === end || name.endsWith(`.${end}`)) return true;
  // Makers' names of one network often differ in what stands before its number.
  const network = /mnc\d+\.mcc\d+/.exec(end)?.[0];
  return network !== undefined && name.includes(network);
}

/** Whether a subscriber's number begins with another network than a realm names. */
export function isOfAnother(user: string, realm: string): boolean {
  const [, network, country] = /^(?:.+\.)?mnc(\d{3})\.mcc(\d{3})\./i.exec(realm) ?? [];
  if (network === undefined || country === undefined || !/^\d{14,15}$/.test(user)) return false;
  // Networks of two digits are written with a 0 before them.
  const short = network.startsWith('0') && user.startsWith(country + network.slice(1));
  return !short && !user.startsWith(country + network);
}
