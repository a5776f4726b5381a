/** Whether a set of validators signed a block (CometBFT v0.38, types/validation.go). */
import { ed25519Verify } from "@tacit/crypto";
import { BLOCK_ID_FLAG_ABSENT, BLOCK_ID_FLAG_COMMIT, commitSignBytes } from "./commit.ts";
import { LightError } from "./errors.ts";
import { headerHash, timestampToNanos } from "./header.ts";
import type { Commit, CommitSignature, Header, Validator } from "./types.ts";
import { totalPower, validatorSetHash } from "./validators.ts";

type SetMember = Pick<Validator, "address" | "publicKey" | "power">;

/** Under ZIP-215's rules; `ed25519Verify` of `crypto` unless a caller brings another. */
export type SignatureCheck = (
  message: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
) => boolean;

export interface CommitClaim {
  /** In the order of sets: power descending, then address. */
  readonly validators: readonly SetMember[];
  readonly chainId: string;
  readonly commit: Commit;
}

/**
 * Passes if more than two thirds of the power signed the commit's block. Every signature in it must
 * verify, also votes for no block, and stand at its validator's place.
 * @throws {LightError} `light/wrong_commit`, `light/wrong_validators`, `light/bad_signature`,
 *   `light/not_enough_power`.
 */
export function verifyCommit(claim: CommitClaim, check: SignatureCheck = ed25519Verify): void {
  const { validators, commit } = claim;
  if (commit.signatures.length !== validators.length) {
    throw new LightError({ code: "light/wrong_commit" }, "one entry for each validator");
  }
  const total = totalPower(validators);
  let signed = 0n;
  for (let index = 0; index < validators.length; index++) {
    const entry = commit.signatures[index] as CommitSignature;
    if (entry.blockIdFlag === BLOCK_ID_FLAG_ABSENT) continue;
    checkEntry(claim, index, check);
    if (entry.blockIdFlag === BLOCK_ID_FLAG_COMMIT)
      signed += (validators[index] as SetMember).power;
  }
  if (signed * 3n <= total * 2n) {
    throw new LightError(
      { code: "light/not_enough_power", signed, total },
      `${signed} of ${total} signed, more than two thirds must`,
    );
  }
}

/** A header with a commit that is claimed to be for it, and who is claimed to have signed. */
export interface SignedHeader {
  readonly header: Header;
  readonly commit: Commit;
  readonly validators: readonly SetMember[];
}

/**
 * Passes if `commit` is for this very header of this chain, signed by the validators that the
 * header names.
 * @throws {LightError} as `verifyCommit`.
 */
export function verifySignedHeader(
  chainId: string,
  { header, commit, validators }: SignedHeader,
  check?: SignatureCheck,
): void {
  if (header.chainId !== chainId) throw notNext("chain id");
  if (!equal(validatorSetHash(validators), header.validatorsHash)) {
    throw new LightError({ code: "light/wrong_validators" }, "the header names other validators");
  }
  if (commit.height !== header.height || !equal(commit.blockId.hash, headerHash(header))) {
    throw new LightError({ code: "light/wrong_commit" }, "the commit is for another block");
  }
  verifyCommit({ validators, chainId, commit }, check);
}

/**
 * Passes if `next` is the block after `trusted`: same chain, next height, later, built on it, by the
 * validators that it announced, and signed by them.
 * @throws {LightError} `light/not_next`, and as `verifyCommit`.
 */
export function verifyNextHeader(
  trusted: Header,
  next: SignedHeader,
  check?: SignatureCheck,
): void {
  const { header } = next;
  if (header.height !== trusted.height + 1n) throw notNext("height");
  if (timestampToNanos(header.time) <= timestampToNanos(trusted.time)) throw notNext("time");
  if (!equal(header.lastBlockId.hash, headerHash(trusted))) throw notNext("last block id");
  if (!equal(header.validatorsHash, trusted.nextValidatorsHash)) throw notNext("validators hash");
  verifySignedHeader(trusted.chainId, next, check);
}

function checkEntry(claim: CommitClaim, index: number, check: SignatureCheck): void {
  const { validators, commit, chainId } = claim;
  const entry = commit.signatures[index] as CommitSignature;
  const validator = validators[index] as SetMember;
  const message = commitSignBytes(chainId, commit, index);
  const valid =
    equal(entry.validatorAddress, validator.address) &&
    check(message, entry.signature, validator.publicKey);
  if (!valid) {
    throw new LightError({ code: "light/bad_signature", index }, `signature ${index} is not valid`);
  }
}

function notNext(at: string): LightError {
  return new LightError({ code: "light/not_next", at }, `does not follow: ${at}`);
}

/** Public values: the time may depend on them. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
