/** Validators that signed a header for light clients which no block has (CometBFT v0.38, evidence/verify.go). */
import { ed25519Verify } from "@tacit/crypto";
import { encodeMessage, equalBytes } from "@tacit/encoding";
import type { LightClientAttackEvidence } from "@tacit/encoding/proto/tendermint/types/evidence";
import { CommitSchema, HeaderSchema } from "@tacit/encoding/proto/tendermint/types/types";
import type { Validator as WireValidator } from "@tacit/encoding/proto/tendermint/types/validator";
import {
  BLOCK_ID_FLAG_COMMIT,
  type Commit,
  commitSignBytes,
  decodeCommit,
  decodeHeader,
  type Header,
  headerHash,
  LightError,
  sortValidators,
  timestampToNanos,
  totalPower,
  type Validator,
  validatorAddress,
  verifySignedHeader,
} from "@tacit/light";
import { EvidenceError } from "../errors.ts";
import { asEvidence, malformed, refusal } from "./messages.ts";

/** A block of ours with the commit that a later block, or this node, has for it. */
export interface TrustedBlock {
  readonly header: Header;
  readonly commit: Commit;
}

export interface AttackContext {
  readonly chainId: string;
  /** Of the common height. */
  readonly commonValidators: readonly Validator[];
  /** Ours at the height of the conflicting block, or the newest if there is none. */
  readonly trusted: TrustedBlock;
}

interface Conflicting extends TrustedBlock {
  readonly validators: readonly Validator[];
}

/**
 * Passes if more than two thirds of the conflicting block's validators signed it, a third of ours
 * among them if its height is not the common one, and the accused are those of ours who did.
 * @throws {EvidenceError} `evidence/malformed`, `evidence/bad_signature`,
 *   `evidence/no_contradiction`, `evidence/wrong_power`, `evidence/wrong_validators`.
 */
export function verifyLightClientAttack(
  evidence: LightClientAttackEvidence,
  context: AttackContext,
): void {
  const { chainId, commonValidators, trusted } = context;
  const conflicting = conflictingBlock(evidence);
  const { header } = conflicting;
  if (header.height < evidence.commonHeight)
    throw malformed("it conflicts below the common height");
  const isLunatic = isInvalidHeader(header, trusted.header);
  if (header.height !== evidence.commonHeight) {
    assertTrustedSigners(chainId, conflicting.commit, commonValidators);
  } else if (isLunatic) {
    throw refusal(
      "evidence/no_contradiction",
      "a header at the common height must be derived from it",
    );
  }
  asSigned(() => verifySignedHeader(chainId, conflicting));
  assertConflict(header, trusted.header);
  const total = totalPower(commonValidators);
  if (total !== evidence.totalVotingPower) {
    throw refusal("evidence/wrong_power", `${evidence.totalVotingPower} in total, not ${total}`);
  }
  const accused = isLunatic
    ? signersAmong(conflicting.commit, commonValidators)
    : equivocators(conflicting, trusted);
  assertAccused(evidence.byzantineValidators, accused);
}

/** @throws {EvidenceError} `evidence/malformed`. */
export function conflictingHeight({ conflictingBlock: block }: LightClientAttackEvidence): bigint {
  return block?.signedHeader?.header?.height ?? 0n;
}

function conflictingBlock({ conflictingBlock: block }: LightClientAttackEvidence): Conflicting {
  const { header, commit } = block?.signedHeader ?? {};
  const set = block?.validatorSet?.validators;
  if (header === undefined || commit === undefined || set === undefined) {
    throw malformed("the conflicting block is not whole");
  }
  return asEvidence(() => ({
    header: decodeHeader(encodeMessage(HeaderSchema, header)),
    commit: decodeCommit(encodeMessage(CommitSchema, commit)),
    validators: set.map(validatorOf),
  }));
}

function validatorOf({ pubKey, votingPower, proposerPriority }: WireValidator): Validator {
  if (pubKey?.sum.case !== "ed25519") throw malformed("a validator has no Ed25519 key");
  const publicKey = pubKey.sum.value;
  return {
    publicKey,
    address: validatorAddress(publicKey),
    power: votingPower,
    proposerPriority,
  };
}

/** A lunatic attack: the header does not even follow from the chain's state. */
function isInvalidHeader(header: Header, trusted: Header): boolean {
  const derived = [
    "validatorsHash",
    "nextValidatorsHash",
    "consensusHash",
    "appHash",
    "lastResultsHash",
  ] as const;
  return derived.some((field) => !equalBytes(header[field], trusted[field]));
}

/** More than a third of the common set signed, each once. */
function assertTrustedSigners(
  chainId: string,
  commit: Commit,
  validators: readonly Validator[],
): void {
  let signed = 0n;
  const seen = new Set<Validator>();
  for (const [index, entry] of commit.signatures.entries()) {
    if (entry.blockIdFlag !== BLOCK_ID_FLAG_COMMIT) continue;
    const signer = validators.find(({ address }) => equalBytes(address, entry.validatorAddress));
    if (signer === undefined) continue;
    if (seen.has(signer)) throw refusal("evidence/bad_signature", "a validator signed twice");
    seen.add(signer);
    const message = commitSignBytes(chainId, commit, index);
    if (!ed25519Verify(message, entry.signature, signer.publicKey)) {
      throw refusal("evidence/bad_signature", `that of entry ${index}`);
    }
    signed += signer.power;
  }
  if (signed * 3n <= totalPower(validators)) {
    throw refusal("evidence/bad_signature", "not a third of the validators then signed");
  }
}

/** Either another block, or one ahead of ours with a time that has passed. */
function assertConflict(header: Header, trusted: Header): void {
  if (header.height > trusted.height) {
    if (timestampToNanos(header.time) <= timestampToNanos(trusted.time)) return;
    throw refusal("evidence/no_contradiction", "the block ahead has a later time than ours");
  }
  if (equalBytes(headerHash(header), headerHash(trusted))) {
    throw refusal("evidence/no_contradiction", "it is the block of this chain");
  }
}

function signersAmong(commit: Commit, validators: readonly Validator[]): Validator[] {
  const signers = commit.signatures.filter(
    ({ blockIdFlag }) => blockIdFlag === BLOCK_ID_FLAG_COMMIT,
  );
  return validators.filter(({ address }) =>
    signers.some(({ validatorAddress: signer }) => equalBytes(signer, address)),
  );
}

/** Who signed both blocks in one round; of two rounds nobody can be accused. */
function equivocators({ commit, validators }: Conflicting, trusted: TrustedBlock): Validator[] {
  if (commit.round !== trusted.commit.round) return [];
  return signersAmong(trusted.commit, signersAmong(commit, validators));
}

function assertAccused(claimed: readonly WireValidator[], accused: readonly Validator[]): void {
  const sorted = sortValidators(accused);
  const isSame =
    claimed.length === sorted.length &&
    claimed.every(({ address, votingPower }, index) => {
      const expected = sorted[index] as Validator;
      return equalBytes(address, expected.address) && votingPower === expected.power;
    });
  if (isSame) return;
  const reason = `${claimed.length} are accused, ${sorted.length} signed`;
  throw refusal("evidence/wrong_validators", reason);
}

function asSigned(verify: () => void): void {
  try {
    verify();
  } catch (error) {
    if (!(error instanceof LightError)) throw error;
    const failure = { code: "evidence/bad_signature", reason: error.message } as const;
    throw new EvidenceError(failure, { cause: error });
  }
}
