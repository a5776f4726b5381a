/**
 * A shared key as the root of BIP-32's derivation, after BIP-328: its chain code is a constant, so
 * that everybody who knows the key derives the same addresses, and no holder is needed for it.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";
import { concatBytes, integerToBytes, utf8 } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { KeyTweak } from "../frost/tweak.ts";
import { secp256k1Group as group } from "../groups/noble-group.ts";

/** BIP-328's, so that wallets which know one kind of shared key know this one. */
const CHAIN_CODE = sha256(utf8("MuSig2MuSig2MuSig2"));
/** Derivation from here on is hardened, which takes a secret key that nobody has. */
const HARDENED = 2 ** 31;

const VERSIONS = { mainnet: 0x0488b21e, testnet: 0x043587cf } as const;

interface ExtendedKey {
  readonly publicKey: Uint8Array;
  readonly chainCode: Uint8Array;
  readonly depth: number;
  readonly parent: Uint8Array;
  readonly index: number;
}

function deriveChild(key: ExtendedKey, index: number): { child: ExtendedKey; tweak: Uint8Array } {
  if (!Number.isInteger(index) || index < 0 || index >= HARDENED || key.depth === 255) {
    throw new ThresholdError({ code: "threshold/index", index });
  }
  const digest = hmac(
    sha512,
    key.chainCode,
    concatBytes(key.publicKey, integerToBytes(BigInt(index), 4, false)),
  );
  const tweak = digest.slice(0, 32);
  const point = group.add(
    group.decode(key.publicKey),
    group.multiplyBase(group.decodeScalar(tweak)),
  );
  const child = {
    publicKey: group.encode(point),
    chainCode: digest.slice(32),
    depth: key.depth + 1,
    parent: ripemd160(sha256(key.publicKey)).slice(0, 4),
    index,
  };
  return { child, tweak };
}

export interface DerivedKey {
  /** Of the derived key, in BIP-32's serialization: what a watching wallet imports. */
  readonly xpub: string;
  /** 33 bytes. */
  readonly publicKey: Uint8Array;
  /** To sign under the derived key with the shares of the root; a Taproot tweak comes after them. */
  readonly tweaks: readonly KeyTweak[];
}

/**
 * @param publicKey 33 bytes, without tweaks. @param path not hardened; empty for the root.
 * @throws {ThresholdError} `threshold/index` for an index that is hardened or out of range; the
 * codes of decoding; `threshold/scalar`, `threshold/identity`: never but by chance.
 */
export function deriveSharedKey(
  publicKey: Uint8Array,
  path: readonly number[],
  network: keyof typeof VERSIONS = "mainnet",
): DerivedKey {
  group.decode(publicKey);
  let key: ExtendedKey = {
    publicKey,
    chainCode: CHAIN_CODE,
    depth: 0,
    parent: new Uint8Array(4),
    index: 0,
  };
  const tweaks: KeyTweak[] = [];
  for (const index of path) {
    const { child, tweak } = deriveChild(key, index);
    tweaks.push({ value: tweak, isXOnly: false });
    key = child;
  }
  return { xpub: encodeXpub(key, network), publicKey: key.publicKey, tweaks };
}

function encodeXpub(key: ExtendedKey, network: keyof typeof VERSIONS): string {
  const bytes = concatBytes(
    integerToBytes(BigInt(VERSIONS[network]), 4, false),
    Uint8Array.of(key.depth),
    key.parent,
    integerToBytes(BigInt(key.index), 4, false),
    key.chainCode,
    key.publicKey,
  );
  return createBase58check(sha256).encode(bytes);
}
