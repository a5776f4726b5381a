/** What signers sign, in each mode, and whether they did. */
import { keccak256, secp256k1Verify, sha256 } from "@tacit/crypto";
import {
  aminoSignBytes,
  decodeMessage,
  directSignBytes,
  eip191SignBytes,
  encodeMessage,
  equalBytes,
  toHex,
} from "@tacit/encoding";
import { MultiSignatureSchema } from "@tacit/encoding/proto/cosmos/crypto/multisig/v1beta1/multisig";
import { SignDocDirectAuxSchema } from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { bytesToId } from "@tacit/light/ids";
import {
  type DecodedTx,
  type ModeInfo,
  PanicError,
  PlainError,
  signModes,
  type TypeResolver,
} from "@tacit/sdk";
import { limits } from "./limits.ts";
import type { PublicKey } from "./public-key.ts";

export type SignatureData =
  | { readonly kind: "single"; readonly mode: number; readonly signature: Uint8Array }
  | {
      readonly kind: "multi";
      readonly bits: readonly boolean[];
      /** Absent where the transaction has more signatures than modes. */
      readonly signatures: readonly (SignatureData | undefined)[];
    };

/** Pairs a mode with its signature bytes. @throws {PanicError}, {EncodingError} where they do not fit. */
export function readSignature(mode: ModeInfo, bytes: Uint8Array): SignatureData {
  if (mode.kind === "single") return { kind: "single", mode: mode.mode, signature: bytes };
  const { signatures } = decodeMessage(MultiSignatureSchema, bytes, { unknown: "reject" });
  if (mode.modeInfos.length > signatures.length) throw new PanicError("index out of range");
  return {
    kind: "multi",
    bits: mode.bits,
    signatures: signatures.map((signature, index) => {
      const inner = mode.modeInfos[index];
      return inner === undefined ? undefined : readSignature(inner, signature);
    }),
  };
}

/** Whether every signature is over amino JSON, which states its sequence itself. */
export function isAminoOnly(data: SignatureData | undefined): boolean {
  if (data === undefined) return false;
  if (data.kind === "single") return data.mode === signModes.aminoJson;
  return data.signatures.every(isAminoOnly);
}

/** What a signer's signature is bound to besides the transaction. */
export interface SignerData {
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
  readonly signer: Uint8Array;
  /** The same as text. */
  readonly address: string;
}

export interface SignatureVerifier {
  /** Whether refusals of amino signatures say more than what to check. */
  readonly showsDetail: boolean;
  /** @throws {PlainError} saying why the signature does not hold. */
  verify(tx: DecodedTx, key: PublicKey, data: SignatureData, signer: SignerData): void;
}

export interface SignatureVerifierOptions {
  /** The types that messages may have. */
  readonly types: TypeResolver;
  /**
   * Secret's fork: mode 191, and failures that show signature and sign bytes (sdk-fork section 3).
   * Other chains have neither.
   */
  readonly eip191: boolean;
}

export function createSignatureVerifier(options: SignatureVerifierOptions): SignatureVerifier {
  const verify: SignatureVerifier["verify"] = (tx, key, data, signer) => {
    const signBytes = (mode: number) => signBytesOf(tx, { signer, key, mode }, options);
    if (data.kind === "multi") {
      verifyMultisig(key, data, signBytes);
      return;
    }
    const isEip191 = data.mode === signModes.eip191;
    const bytes = signBytes(data.mode);
    const isPossible = !isEip191 || (key.kind === "secp256k1" && data.signature.length === 64);
    const digest = isEip191 ? keccak256 : sha256;
    if (isPossible && verifySingle(key, bytes, data.signature, digest)) return;
    throw new PlainError(failureText(options, isEip191, data.signature, bytes));
  };
  return { verify, showsDetail: options.eip191 };
}

function failureText(
  { eip191 }: SignatureVerifierOptions,
  isEip191: boolean,
  signature: Uint8Array,
  signBytes: Uint8Array,
): string {
  if (!eip191) return "unable to verify single signer signature";
  const mode = isEip191 ? "eip191 " : "";
  return `unable to verify single signer ${mode}signature ${toHex(signature)} for signBytes ${toHex(signBytes)}`;
}

function verifySingle(
  key: PublicKey,
  signBytes: Uint8Array,
  signature: Uint8Array,
  digest: (bytes: Uint8Array) => Uint8Array,
): boolean {
  if (key.kind === "multisig") throw new PanicError("not implemented");
  // secp256r1 accounts cost gas upstream and verify; none exists on Secret, and without a
  // native verifier they would be a way to make blocks slow.
  if (key.kind !== "secp256k1") throw new PlainError(`cannot verify with a ${key.kind} key`);
  return verifiedBefore(digest(signBytes), signature, key.key);
}

/**
 * Signatures that verified in this process. A block's transactions were checked when they
 * arrived; what a signature is worth does not change, and gas is charged all the same.
 */
const verified = new Set<string>();

function verifiedBefore(digest: Uint8Array, signature: Uint8Array, key: Uint8Array): boolean {
  const id = bytesToId(digest) + bytesToId(signature) + bytesToId(key);
  if (verified.has(id)) return true;
  if (!secp256k1Verify(digest, signature, key)) return false;
  if (verified.size >= limits.verifiedSignatures) verified.clear();
  verified.add(id);
  return true;
}

function verifyMultisig(
  key: PublicKey,
  data: SignatureData & { readonly kind: "multi" },
  signBytes: (mode: number) => Uint8Array,
): void {
  if (key.kind !== "multisig") throw new PlainError(`expected <nil>, got *${key.kind}.PubKey`);
  const { bits, signatures } = data;
  const size = key.members.length;
  const signed = bits.filter(Boolean).length;
  if (bits.length !== size) {
    throw new PlainError(`bit array size is incorrect, expecting: ${size}`);
  }
  if (signatures.length < key.threshold || signatures.length > size) {
    throw new PlainError(`signature size is incorrect ${signatures.length}`);
  }
  if (signed < key.threshold) {
    throw new PlainError(`not enough signatures set, have ${signed}, expected ${key.threshold}`);
  }
  let position = 0;
  for (const [index, member] of key.members.entries()) {
    if (!bits[index]) continue;
    if (position === signatures.length) throw new PanicError("index out of range");
    const signature = signatures[position];
    if (signature === undefined) {
      throw new PlainError(`improper signature data type for index ${position}`);
    }
    position += 1;
    if (signature.kind === "multi") {
      if (member.kind !== "multisig")
        throw new PlainError(`unable to parse pubkey of index ${index}`);
      verifyMultisig(member, signature, signBytes);
    } else if (!verifySingle(member, signBytes(signature.mode), signature.signature, sha256)) {
      throw new PlainError(`unable to verify signature at index ${index}`);
    }
  }
}

interface Signing {
  readonly signer: SignerData;
  readonly key: PublicKey;
  readonly mode: number;
}

function signBytesOf(
  tx: DecodedTx,
  { signer, key, mode }: Signing,
  options: SignatureVerifierOptions,
): Uint8Array {
  switch (mode) {
    case signModes.direct:
      return directSignBytes({
        bodyBytes: tx.bodyBytes,
        authInfoBytes: tx.authInfoBytes,
        chainId: signer.chainId,
        accountNumber: signer.accountNumber,
      });
    case signModes.directAux:
      return directAuxBytes(tx, signer, key);
    case signModes.aminoJson:
      assertAminoCanSign(tx);
      return aminoBytes(tx, signer, options.types);
    case signModes.eip191:
      if (!options.eip191) break;
      assertAminoCanSign(tx);
      return eip191SignBytes(aminoBytes(tx, signer, options.types));
  }
  const name = modeNames.get(mode) ?? mode;
  // A mode that the SDK knows and has no handler for is told in another word.
  const isKnown = mode === signModes.textual;
  throw new PlainError(`${isKnown ? "unsuppored" : "unsupported"} sign mode ${name}`);
}

const modeNames: ReadonlyMap<number, string> = new Map([
  [signModes.unspecified, "SIGN_MODE_UNSPECIFIED"],
  [signModes.textual, "SIGN_MODE_TEXTUAL"],
  [signModes.eip191, "SIGN_MODE_EIP_191"],
]);

/** What signers sign who do not pay: everything but the fee. */
function directAuxBytes(tx: DecodedTx, signer: SignerData, key: PublicKey): Uint8Array {
  assertNoTip(tx);
  if (equalBytes(tx.feePayer, signer.signer)) {
    throw new PlainError(
      `fee payer ${signer.address} cannot sign with SIGN_MODE_DIRECT_AUX: unauthorized`,
    );
  }
  return encodeMessage(SignDocDirectAuxSchema, {
    bodyBytes: tx.bodyBytes,
    publicKey: { ...key.any },
    chainId: signer.chainId,
    accountNumber: signer.accountNumber,
    sequence: signer.sequence,
  });
}

/** Tips are gone from clients and have no effect; a signature that leaves one out would not hold. */
function assertNoTip(tx: DecodedTx): void {
  if (tx.hasTip) throw new PlainError("tips are not supported");
}

/** Amino JSON has no place for extension options and unknown fields: they would go unsigned. */
function assertAminoCanSign(tx: DecodedTx): void {
  assertNoTip(tx);
  if (tx.hasUnknownNonCritical)
    throw new PlainError("unknown fields cannot be signed in amino JSON");
  if (tx.extensionOptions.length + tx.nonCriticalExtensionOptions.length === 0) return;
  throw new PlainError(
    "SIGN_MODE_LEGACY_AMINO_JSON does not support protobuf extension options: invalid request",
  );
}

function aminoBytes(tx: DecodedTx, signer: SignerData, types: TypeResolver): Uint8Array {
  const { fee } = tx;
  if (fee === undefined) throw new PlainError("fee cannot be nil when tipper is not signer");
  const doc = {
    chainId: signer.chainId,
    accountNumber: signer.accountNumber,
    sequence: signer.sequence,
    timeoutHeight: tx.timeoutHeight,
    memo: tx.memo,
    fee: {
      ...fee,
      amount: fee.amount.map(({ denom, amount }) => ({ denom, amount: `${amount ?? ""}` })),
    },
    messages: tx.messages.map(({ typeUrl, bytes }) => ({ typeUrl, value: bytes })),
  };
  return aminoSignBytes(doc, types);
}
