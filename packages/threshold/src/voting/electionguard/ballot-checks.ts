/** One ballot on its own: verifications 5 to 7, and 15 to 18 of pre-encrypted ones. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { concatBytes, equalBytes } from "../../bytes.ts";
import type { RecordPlace } from "../../errors.ts";
import type { BallotContest, EncryptedBallot, PreEncryption } from "./ballot.ts";
import { Q } from "./group.ts";
import { elementBytes, hash, hashToExponent, indexBytes } from "./hash.ts";
import { Base, generatorPower, reduce, times } from "./powers.ts";
import { check } from "./refuse.ts";
import type { ElectionKey } from "./setup.ts";
import { type Ciphertext, isSame, type Proof } from "./values.ts";

/** What a vote for one selection can be at most; the record's manifest has no other limit. */
export const OPTION_LIMIT = 1;
const SHORT_CODE_DIGITS = 5;

/** @throws {ThresholdError} `threshold/electionguard` with 5.A to 7.B, or 15.A to 18.B. */
export function verifyBallot(election: ElectionKey, ballot: EncryptedBallot): void {
  const place = { ballot: ballot.id };
  const isPreEncrypted = ballot.contests.some(({ preEncryption }) => preEncryption !== undefined);
  const [selectionRule, contestRule] = isPreEncrypted ? ["15", "16"] : ["5", "6"];
  for (const contest of ballot.contests) {
    const here = { ...place, contest: contest.contest.id };
    verifySelections(election, contest, selectionRule, here);
    verifyVoteLimit(election, contest, contestRule, here);
    verifyContestHash(election, contest, here);
    if (contest.preEncryption !== undefined) {
      verifyPreEncryptionHashes(election, contest, contest.preEncryption, here);
      verifyShortCodes(contest, contest.preEncryption, here);
    }
  }
  verifySerialNumber(ballot, selectionRule, place);
  verifyConfirmationCode(election, ballot, isPreEncrypted);
}

/** 5.A to 5.D (15.A to 15.D): every selection is an encryption of 0 or 1. */
export function verifySelections(
  election: ElectionKey,
  { selections }: Pick<BallotContest, "selections">,
  rule: string,
  place: RecordPlace,
): void {
  for (const { id, vote, proofs } of selections) {
    const here = { ...place, selection: id };
    verifyRange(election, { ciphertext: vote, proofs, limit: OPTION_LIMIT }, rule, here);
  }
}

interface LimitedContest {
  readonly contest: Pick<BallotContest["contest"], "votesAllowed">;
}

/** 6.A to 6.D (16.A to 16.D): the sum of a contest's selections is not above its limit. */
export function verifyVoteLimit(
  election: ElectionKey,
  { selections, proofs, contest }: Pick<BallotContest, "selections" | "proofs"> & LimitedContest,
  rule: string,
  place: RecordPlace,
): void {
  const ciphertext = addCiphertexts(selections.map(({ vote }) => vote));
  verifyRange(election, { ciphertext, proofs, limit: contest.votesAllowed }, rule, place);
}

interface RangeStatement {
  readonly ciphertext: Ciphertext;
  readonly proofs: readonly Proof[];
  /** The ciphertext holds one of 0 … limit, each of which has a proof. */
  readonly limit: number;
}

/**
 * A: both parts are in the subgroup. B, C: challenges and responses are below q. D: the
 * challenges add to the hash of everything.
 */
function verifyRange(
  { keyBase, keyBytes, extendedBaseHash }: ElectionKey,
  { ciphertext, proofs, limit }: RangeStatement,
  rule: string,
  place: RecordPlace,
): void {
  const [pad, data] = [new Base(ciphertext.pad), new Base(ciphertext.data)];
  check(pad.isMember() && data.isMember(), `${rule}.A`, place);
  check(proofs.length === limit + 1, `${rule}.D`, place);
  const parts = [keyBytes, elementBytes(ciphertext.pad), elementBytes(ciphertext.data)];
  let sum = 0n;
  for (const [j, { challenge, response }] of proofs.entries()) {
    check(challenge < Q, `${rule}.B`, place);
    check(response < Q, `${rule}.C`, place);
    const shifted = response - BigInt(j) * challenge;
    const a = times(generatorPower(response), pad.power(challenge));
    const b = times(keyBase.power(shifted), data.power(challenge));
    parts.push(elementBytes(a), elementBytes(b));
    sum += challenge;
  }
  check(reduce(sum) === hashToExponent(extendedBaseHash, 0x21, ...parts), `${rule}.D`, place);
}

/** 7.A: a contest's hash is of its number and its ciphertexts. */
export function verifyContestHash(
  { keyBytes, extendedBaseHash }: ElectionKey,
  { contest, selections, hash: published }: BallotContest,
  place: RecordPlace,
): void {
  const votes = selections.map(({ vote }) => ciphertextBytes(vote));
  const own = hash(extendedBaseHash, 0x23, indexBytes(contest.order), keyBytes, ...votes);
  check(equalBytes(own, published), "7.A", place);
}

/** What a confirmation code is of. */
interface CodedBallot extends Pick<EncryptedBallot, "id" | "codeBytes" | "confirmationCode"> {
  readonly contests: readonly Pick<BallotContest, "hash" | "preEncryption">[];
}

/** 7.B (17.C): the code is the hash of the contests' hashes and of what the device adds. */
export function verifyConfirmationCode(
  { extendedBaseHash }: ElectionKey,
  { id, contests, codeBytes, confirmationCode }: CodedBallot,
  isPreEncrypted: boolean,
): void {
  const hashes = contests.map((contest) => contest.preEncryption?.hash ?? contest.hash);
  const own = hash(extendedBaseHash, isPreEncrypted ? 0x42 : 0x24, ...hashes, codeBytes);
  check(equalBytes(own, confirmationCode), isPreEncrypted ? "17.C" : "7.B", { ballot: id });
}

/** 17.A and 17.B: choices have the hashes of their encryptions, a contest that of its choices'. */
export function verifyPreEncryptionHashes(
  { keyBytes, extendedBaseHash }: ElectionKey,
  { contest }: BallotContest,
  { chosen, selectionHashes, hash: published }: PreEncryption,
  place: RecordPlace,
): void {
  for (const { hash: selectionHash, encryptions } of chosen) {
    const parts = encryptions.map(ciphertextBytes);
    const own = hash(extendedBaseHash, 0x40, keyBytes, ...parts);
    check(equalBytes(own, selectionHash), "17.A", place);
  }
  const inOrder = selectionHashes.map(bytesToHex);
  const isSorted = inOrder.every((one, i) => i === 0 || one > (inOrder[i - 1] as string));
  const isListed = chosen.every((one) => inOrder.includes(bytesToHex(one.hash)));
  const parts = [indexBytes(contest.order), keyBytes, ...selectionHashes];
  const own = hash(extendedBaseHash, 0x41, ...parts);
  check(isSorted && isListed && equalBytes(own, published), "17.B", place);
}

/** 18.A and 18.B: short codes are those of the hashes; the ballot is the product of the choices. */
export function verifyShortCodes(
  { selections }: BallotContest,
  { chosen }: PreEncryption,
  place: RecordPlace,
): void {
  for (const { hash: selectionHash, shortCode } of chosen) {
    const own = bytesToHex(selectionHash).slice(0, SHORT_CODE_DIGITS).toUpperCase();
    check(shortCode === own, "18.A", place);
  }
  for (const [i, { id, vote }] of selections.entries()) {
    const product = addCiphertexts(chosen.map(({ encryptions }) => encryptions[i] as Ciphertext));
    check(isSame(product, vote), "18.B", { ...place, selection: id });
  }
}

/** No verification names it; it is decrypted with the votes, so it has to be in the subgroup too. */
function verifySerialNumber(
  { serialNumber }: EncryptedBallot,
  rule: string,
  place: RecordPlace,
): void {
  if (serialNumber === undefined) return;
  const { pad, data } = serialNumber;
  check(new Base(pad).isMember() && new Base(data).isMember(), `${rule}.A`, place);
}

export function addCiphertexts(items: readonly Ciphertext[]): Ciphertext {
  return {
    pad: items.reduce((product, { pad }) => times(product, pad), 1n),
    data: items.reduce((product, { data }) => times(product, data), 1n),
  };
}

function ciphertextBytes({ pad, data }: Ciphertext): Uint8Array {
  return concatBytes(elementBytes(pad), elementBytes(data));
}
