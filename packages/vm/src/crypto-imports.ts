import { VmError } from "./errors.ts";
import { GAS_IMPORT } from "./gas.ts";
import type { ContractInstance } from "./instance.ts";
import { CRYPTO_MESSAGE_BYTES_MAX, DCAP_BYTES_MAX } from "./limits.ts";

/** Result codes of the network's crypto imports, beside 0 for valid and 1 for invalid. */
export const CRYPTO_RESULT = {
  hashFormat: 3,
  signatureFormat: 4,
  publicKeyFormat: 5,
  batch: 7,
  generic: 10,
  privateKeyFormat: 1_000,
} as const;

/** Hashes, signatures and keys are shorter; one that is cut here has no right length either. */
const FIXED_BYTES_MAX = 128;

type Outcome = { readonly ok: Uint8Array } | { readonly error: number };

export function secp256k1Verify(
  instance: ContractInstance,
  hash: number,
  signature: number,
  publicKey: number,
): number {
  instance.charge(GAS_IMPORT.secp256k1Verify);
  const { memory, call } = instance;
  const hashBytes = memory.readRegionStart(hash, FIXED_BYTES_MAX);
  const signatureBytes = memory.readRegionStart(signature, FIXED_BYTES_MAX);
  const publicKeyBytes = memory.readRegionStart(publicKey, FIXED_BYTES_MAX);
  if (hashBytes.length !== 32) return CRYPTO_RESULT.hashFormat;
  if (signatureBytes.length !== 64) return CRYPTO_RESULT.signatureFormat;
  if (!hasSecp256k1Format(publicKeyBytes)) return CRYPTO_RESULT.publicKeyFormat;
  return call.crypto.secp256k1Verify(hashBytes, signatureBytes, publicKeyBytes);
}

/** Compressed, uncompressed, or the hybrid form. */
function hasSecp256k1Format(publicKey: Uint8Array): boolean {
  const tag = publicKey[0];
  if (tag === 2 || tag === 3) return publicKey.length === 33;
  return (tag === 4 || tag === 6 || tag === 7) && publicKey.length === 65;
}

export function secp256k1RecoverPubkey(
  instance: ContractInstance,
  hash: number,
  signature: number,
  recoveryParam: number,
): bigint {
  instance.charge(GAS_IMPORT.secp256k1RecoverPubkey);
  const { memory, call } = instance;
  const hashBytes = memory.readRegionStart(hash, FIXED_BYTES_MAX);
  const signatureBytes = memory.readRegionStart(signature, FIXED_BYTES_MAX);
  if (hashBytes.length !== 32) return high(CRYPTO_RESULT.hashFormat);
  if (signatureBytes.length !== 64) return high(CRYPTO_RESULT.signatureFormat);
  if (recoveryParam > 3) return high(CRYPTO_RESULT.generic);
  const { crypto } = call;
  return answer(instance, crypto.secp256k1RecoverPubkey(hashBytes, signatureBytes, recoveryParam));
}

export function ed25519Verify(
  instance: ContractInstance,
  message: number,
  signature: number,
  publicKey: number,
): number {
  instance.charge(GAS_IMPORT.ed25519Verify);
  const { memory, call } = instance;
  const messageBytes = memory.readRegion(message, CRYPTO_MESSAGE_BYTES_MAX);
  const signatureBytes = memory.readRegionStart(signature, FIXED_BYTES_MAX);
  const publicKeyBytes = memory.readRegionStart(publicKey, FIXED_BYTES_MAX);
  if (signatureBytes.length !== 64) return CRYPTO_RESULT.signatureFormat;
  if (publicKeyBytes.length !== 32) return CRYPTO_RESULT.publicKeyFormat;
  return call.crypto.ed25519Verify(messageBytes, signatureBytes, publicKeyBytes);
}

/**
 * The network's engine charges all of it once the lists are known to fit, and nothing if they do
 * not; here the base is charged before they are read.
 */
export function ed25519BatchVerify(
  instance: ContractInstance,
  messages: number,
  signatures: number,
  publicKeys: number,
): number {
  instance.charge(GAS_IMPORT.ed25519BatchVerify);
  const { memory, call } = instance;
  let messageList = memory.readSections(messages);
  const signatureList = memory.readSections(signatures);
  let publicKeyList = memory.readSections(publicKeys);
  const count = signatureList.length;
  if (messageList.length === 1 && publicKeyList.length === count) {
    messageList = repeat(messageList, count);
  } else if (publicKeyList.length === 1 && messageList.length === count) {
    publicKeyList = repeat(publicKeyList, count);
  }
  if (messageList.length !== count || publicKeyList.length !== count) return CRYPTO_RESULT.batch;
  instance.charge(GAS_IMPORT.ed25519BatchVerifyEach * count);
  for (let index = 0; index < count; index++) {
    refuseLong(messageList[index]!);
    if (signatureList[index]!.length !== 64) return CRYPTO_RESULT.signatureFormat;
    if (publicKeyList[index]!.length !== 32) return CRYPTO_RESULT.publicKeyFormat;
  }
  return call.crypto.ed25519BatchVerify(messageList, signatureList, publicKeyList);
}

function refuseLong({ length }: Uint8Array): void {
  if (length <= CRYPTO_MESSAGE_BYTES_MAX) return;
  throw new VmError({
    code: "vm/region_too_long",
    bytes: length,
    bytesMax: CRYPTO_MESSAGE_BYTES_MAX,
  });
}

function repeat(list: readonly Uint8Array[], count: number): Uint8Array[] {
  return new Array<Uint8Array>(count).fill(list[0]!);
}

export function secp256k1Sign(
  instance: ContractInstance,
  message: number,
  privateKey: number,
): bigint {
  instance.charge(GAS_IMPORT.secp256k1Sign);
  const { memory, call } = instance;
  const messageBytes = memory.readRegion(message, CRYPTO_MESSAGE_BYTES_MAX);
  const privateKeyBytes = memory.readRegionStart(privateKey, FIXED_BYTES_MAX);
  if (privateKeyBytes.length !== 32) return high(CRYPTO_RESULT.privateKeyFormat);
  return answer(instance, call.crypto.secp256k1Sign(messageBytes, privateKeyBytes));
}

export function ed25519Sign(
  instance: ContractInstance,
  message: number,
  privateKey: number,
): bigint {
  instance.charge(GAS_IMPORT.ed25519Sign);
  const { memory, call } = instance;
  const messageBytes = memory.readRegion(message, CRYPTO_MESSAGE_BYTES_MAX);
  const privateKeyBytes = memory.readRegionStart(privateKey, FIXED_BYTES_MAX);
  if (privateKeyBytes.length !== 32) return high(CRYPTO_RESULT.privateKeyFormat);
  return answer(instance, call.crypto.ed25519Sign(messageBytes, privateKeyBytes));
}

export function dcapQuoteVerify(
  instance: ContractInstance,
  quote: number,
  collateral: number,
): bigint {
  instance.charge(GAS_IMPORT.dcapQuoteVerify);
  if (instance.quotesVerified > 0) instance.charge(GAS_IMPORT.dcapQuoteVerifyAgain);
  instance.quotesVerified++;
  const { memory, call } = instance;
  const quoteBytes = memory.readRegion(quote, DCAP_BYTES_MAX);
  const collateralBytes = memory.readRegion(collateral, DCAP_BYTES_MAX);
  if (collateralBytes.length === 0) return high(CRYPTO_RESULT.generic);
  const result = call.crypto.dcapQuoteVerify?.(quoteBytes, collateralBytes);
  if (result === undefined) return high(CRYPTO_RESULT.generic);
  return "ok" in result ? BigInt(result.ok >>> 0) : high(result.error);
}

/** A region's pointer in the low half, or an error code in the high half. */
function answer(instance: ContractInstance, outcome: Outcome): bigint {
  return "ok" in outcome ? BigInt(instance.allocate(outcome.ok)) : high(outcome.error);
}

function high(code: number): bigint {
  return BigInt(code) << 32n;
}
