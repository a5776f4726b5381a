/** Account addresses of one network, as text and bytes. */
import { fromBech32, parseBech32, toBech32 } from "@tacit/encoding";
import { PlainError, sdkErrors } from "./errors.ts";

export interface AddressCodec {
  /** `secret`, `cosmos`. */
  readonly prefix: string;
  toText(address: Uint8Array): string;
  /**
   * @returns the address; shared with other callers, so it must not be changed.
   * @throws {SdkError} `sdk/35` if it is another network's; {EncodingError} `encoding/bech32` and
   *   {PlainError} if it is no address.
   */
  toBytes(text: string): Uint8Array;
}

/** Key-derived, module-derived, and what Secret's verifier also lets through. */
const lengths: ReadonlySet<number> = new Set([20, 32, 45]);

/** A transaction comes back to its sender, its contract and the fee collector. */
const RECENT = 4;

export function createAddressCodec(prefix: string): AddressCodec {
  /** The same arrays come back: accounts and parsed addresses are shared. */
  const recent: { readonly address: Uint8Array; readonly text: string }[] = [];
  let oldest = 0;
  return {
    prefix,
    toText: (address) => {
      for (const known of recent) if (known.address === address) return known.text;
      const text = toBech32(prefix, address);
      recent[oldest] = { address, text };
      oldest = (oldest + 1) % RECENT;
      return text;
    },
    toBytes: (text) => {
      const bytes = parse(prefix, text);
      if (lengths.has(bytes.length)) return bytes;
      throw new PlainError(`address length must be 20 or 32 bytes, got ${bytes.length}`);
    },
  };
}

/** The SDK's address codec has words and a code of its own for a wrong prefix. */
function parse(prefix: string, text: string): Uint8Array {
  try {
    return fromBech32(prefix, text);
  } catch (error) {
    const found = prefixOf(text);
    if (found === undefined || found === prefix) throw error;
    throw sdkErrors.logic.wrap(
      `hrp does not match bech32 prefix: expected '${prefix}' got '${found}'`,
    );
  }
}

/** Undefined if the text is no bech32 at all. */
function prefixOf(text: string): string | undefined {
  try {
    return parseBech32(text).prefix;
  } catch {
    return undefined;
  }
}
