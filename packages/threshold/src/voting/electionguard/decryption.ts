/** What the guardians opened: verifications 9 to 11 of the tally, 12 to 14 of challenged ballots. */
import { bytesToHex } from "@noble/hashes/utils.js";
import type { RecordPlace } from "../../errors.ts";
import type { HashedCiphertext } from "./ballot.ts";
import { OPTION_LIMIT } from "./ballot-checks.ts";
import {
  type ContestData,
  verifyContestDataPlaintext,
  verifyContestDataProof,
} from "./contest-data.ts";
import { Q } from "./group.ts";
import { elementBytes, hashToExponent } from "./hash.ts";
import type { ManifestContest } from "./manifest.ts";
import { Base, generatorPower, times } from "./powers.ts";
import { check } from "./refuse.ts";
import type { ElectionKey } from "./setup.ts";
import type { DecryptedContest, DecryptedSelection, Decryption } from "./tally.ts";
import { type Ciphertext, isSame } from "./values.ts";

/** Votes by selection, in the manifest's order. */
export interface ContestResult {
  readonly id: string;
  readonly name: string;
  readonly selections: readonly { readonly id: string; readonly votes: number }[];
}

/** Of a challenged ballot, with what else the voter entered. */
export interface OpenedContest extends ContestResult {
  readonly data: ContestData | undefined;
}

/** What a decryption has to be of. */
export interface Expected {
  readonly contests: readonly ManifestContest[];
  vote(contestId: string, selectionId: string): Ciphertext | undefined;
}

/**
 * 9.A to 10.E: every sum is decrypted, and rightly. A contest that no cast ballot has must have
 * no votes.
 *
 * @param isVoted whether some cast ballot has the contest.
 */
export function verifyTallyDecryption(
  election: ElectionKey,
  expected: Expected,
  tally: Decryption,
  isVoted: (contestId: string) => boolean,
): readonly ContestResult[] {
  const rules = { proof: "9", value: "10.A", contest: "10.B", selection: "10.C", all: "10.D" };
  const contests = matchContests(expected, tally, { ...rules, every: "10.E" }, {});
  return contests.map(({ contest, opened }) => {
    const place = { contest: contest.id };
    check(opened.data === undefined, "11.A", place);
    for (const selection of opened.selections) {
      const here = { ...place, selection: selection.id };
      verifySelection(election, expected.vote(contest.id, selection.id), selection, rules, here);
      check(isVoted(contest.id) || selection.votes === 0, "10.A", here);
    }
    return resultOf(contest, opened);
  });
}

/** 12.A to 14.B: a challenged ballot is decrypted rightly, and holds what a ballot may hold. */
export function verifyChallengedBallot(
  election: ElectionKey,
  expected: Expected & { data(contestId: string): HashedCiphertext | undefined },
  opening: Decryption,
): readonly OpenedContest[] {
  const rules = { proof: "12", value: "13.A", contest: "13.D", selection: "13.E", all: "13.F" };
  const place = { ballot: opening.id };
  const contests = matchContests(expected, opening, { ...rules, every: "13.D" }, place);
  return contests.map(({ contest, opened }) => {
    const here = { ...place, contest: contest.id };
    for (const selection of opened.selections) {
      const inside = { ...here, selection: selection.id };
      verifySelection(election, expected.vote(contest.id, selection.id), selection, rules, inside);
      check(selection.votes <= OPTION_LIMIT, "13.B", inside);
    }
    const sum = opened.selections.reduce((total, { votes }) => total + votes, 0);
    check(sum <= contest.votesAllowed, "13.C", here);
    const data = verifyData(election, expected.data(contest.id), opened, here);
    return { ...resultOf(contest, opened), data };
  });
}

function verifyData(
  election: ElectionKey,
  encrypted: HashedCiphertext | undefined,
  { id, data }: DecryptedContest,
  place: RecordPlace,
): ContestData | undefined {
  if (data === undefined) return undefined;
  const { c0, c1, c2 } = data.encrypted;
  const isOfBallot =
    encrypted?.c0 === c0 &&
    bytesToHex(encrypted.c1) === bytesToHex(c1) &&
    bytesToHex(encrypted.c2) === bytesToHex(c2) &&
    encrypted.lengthBytes === data.encrypted.lengthBytes;
  check(isOfBallot, "14.B", place);
  verifyContestDataProof(election, data, "14", place);
  verifyContestDataPlaintext(election, id, data, "14", place);
  return data.data;
}

interface Rules {
  readonly proof: string;
  readonly value: string;
  readonly contest: string;
  readonly selection: string;
  readonly all: string;
}

/** Each contest once, with all of its selections once, and none that is not in the manifest. */
function matchContests(
  { contests }: Expected,
  decryption: Decryption,
  rules: Rules & { readonly every: string },
  place: RecordPlace,
): { readonly contest: ManifestContest; readonly opened: DecryptedContest }[] {
  for (const { id, selections } of decryption.contests) {
    const contest = contests.find((one) => one.id === id);
    check(contest !== undefined, rules.contest, { ...place, contest: id });
    for (const selection of selections) {
      const isKnown = contest.selections.some((one) => one.id === selection.id);
      check(isKnown, rules.selection, { ...place, contest: id, selection: selection.id });
    }
    const ids = new Set(selections.map((selection) => selection.id));
    const isWhole = ids.size === selections.length && ids.size === contest.selections.length;
    check(isWhole, rules.all, { ...place, contest: id });
  }
  return contests.map((contest) => {
    const [opened, ...more] = decryption.contests.filter(({ id }) => id === contest.id);
    const isOnce = opened !== undefined && more.length === 0;
    check(isOnce, rules.every, { ...place, contest: contest.id });
    return { contest, opened };
  });
}

/**
 * A: the response is below q. B: the ciphertext is the one to be decrypted, and who decrypted
 * knew the secret of K. The value: what is left is K to the votes.
 */
function verifySelection(
  { keyBase, keyBytes, extendedBaseHash }: ElectionKey,
  expected: Ciphertext | undefined,
  { votes, element, ciphertext, proof }: DecryptedSelection,
  rules: Rules,
  place: RecordPlace,
): void {
  const { challenge, response } = proof;
  check(response < Q, `${rules.proof}.A`, place);
  check(expected !== undefined && isSame(expected, ciphertext), `${rules.proof}.B`, place);
  check(element === keyBase.power(BigInt(votes)), rules.value, place);
  const share = times(ciphertext.data, keyBase.power(-BigInt(votes)));
  const [pad, opened] = [new Base(ciphertext.pad), new Base(share)];
  const isInside = pad.isMember() && opened.isMember();
  check(isInside, `${rules.proof}.B`, place);
  const a = times(generatorPower(response), keyBase.power(challenge));
  const b = times(pad.power(response), opened.power(challenge));
  const parts = [ciphertext.pad, ciphertext.data, a, b, share].map(elementBytes);
  const own = hashToExponent(extendedBaseHash, 0x30, keyBytes, ...parts);
  check(challenge === own, `${rules.proof}.B`, place);
}

function resultOf(
  { id, name, selections }: ManifestContest,
  opened: DecryptedContest,
): ContestResult {
  const votes = new Map(opened.selections.map((one) => [one.id, one.votes]));
  return {
    id,
    name,
    selections: selections.map((one) => ({ id: one.id, votes: votes.get(one.id) ?? 0 })),
  };
}
