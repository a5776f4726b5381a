import { decodeBech32, encodeBech32, fromFiveBits, toFiveBits } from "./bech32.ts";
import type { AddressApi } from "./types.ts";

/**
 * Addresses as the network's engine sees them, with its texts, which contracts pass on to users.
 * Any length of address is accepted, as there.
 *
 * Where five-bit groups do not fill bytes, the network's engine stops the contract; here
 * `canonicalize` answers `invalid padding`, so that a bad address stays a value.
 *
 * @param prefix of account addresses, in lower case.
 */
export function createAddressApi(prefix: string): AddressApi {
  return {
    canonicalize(human) {
      const decoded = decodeBech32(human);
      if ("error" in decoded) return decoded;
      if (decoded.prefix !== prefix) {
        return { error: `wrong address prefix: ${JSON.stringify(decoded.prefix)}` };
      }
      const bytes = fromFiveBits(decoded.groups);
      return bytes === undefined ? { error: "invalid padding" } : { ok: bytes };
    },
    humanize: (canonical) => ({ ok: encodeBech32(prefix, toFiveBits(canonical)) }),
    validate(human) {
      const decoded = decodeBech32(human);
      if ("error" in decoded) return decoded.error;
      const normal = encodeBech32(prefix, decoded.groups);
      return human === normal ? undefined : "Address is not normalized";
    },
  };
}
