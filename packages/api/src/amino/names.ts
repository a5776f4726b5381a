/** Registered names of amino and the four bytes that stand for them in its binary form. */
import type { DescMessage } from "@bufbuild/protobuf";
import { sha256 } from "@tacit/crypto";
import { messageOptions, type TypeRegistry, toHex } from "@tacit/encoding";

const PREFIX_BYTES = 4;
const DISAMBIGUATION_BYTES = 3;

/** The first four bytes of the name's hash after leading zeros, three more bytes and zeros again. */
export function aminoPrefix(name: string): Uint8Array {
  const hash = sha256(new TextEncoder().encode(name));
  const skipZeros = (from: number) => {
    let at = from;
    while (hash[at] === 0) at++;
    return at;
  };
  const start = skipZeros(skipZeros(0) + DISAMBIGUATION_BYTES);
  return hash.slice(start, start + PREFIX_BYTES);
}

export interface AminoNames {
  byName(name: string): DescMessage | undefined;
  byPrefix(prefix: Uint8Array): DescMessage | undefined;
}

const known = new WeakMap<TypeRegistry, AminoNames>();

/** The messages of `types` that have a name in amino. */
export function aminoNames(types: TypeRegistry): AminoNames {
  let names = known.get(types);
  if (names === undefined) {
    names = collect(types);
    known.set(types, names);
  }
  return names;
}

function collect(types: TypeRegistry): AminoNames {
  const byName = new Map<string, DescMessage>();
  const byPrefix = new Map<string, DescMessage>();
  for (const message of types.files.flatMap((file) => file.messages)) {
    const { aminoName } = messageOptions(message);
    if (aminoName === "" || byName.has(aminoName)) continue;
    byName.set(aminoName, message);
    byPrefix.set(toHex(aminoPrefix(aminoName)), message);
  }
  return {
    byName: (name) => byName.get(name),
    byPrefix: (prefix) => byPrefix.get(toHex(prefix)),
  };
}
