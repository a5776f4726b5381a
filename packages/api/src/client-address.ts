import { isIPv6 } from "node:net";

/**
 * The client behind a connection, as far as fairness goes: an IPv4 address, or the network of 64
 * bits that one IPv6 client has to itself. Headers of proxies are not believed, since anybody can
 * write them: behind a proxy all clients are one.
 */
export function clientOf(remoteAddress: string | undefined): string {
  const address = remoteAddress ?? "";
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return isIPv6(address) ? `${networkOf(address)}/64` : address;
}

/** The first four groups, written out. */
function networkOf(address: string): string {
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":"));
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  const all = [...first, ...new Array<string>(Math.max(0, zeros)).fill("0"), ...last];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
