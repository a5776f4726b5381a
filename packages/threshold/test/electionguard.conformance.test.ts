/** Ballots, tallies and decryptions in vectors that ElectionGuard's Kotlin library wrote in July 2023. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { concatBytes, utf8 } from "../src/bytes.ts";
import { ThresholdError } from "../src/errors.ts";
import type { EncryptedBallot } from "../src/voting/electionguard/ballot.ts";
import {
  verifyConfirmationCode,
  verifyPreEncryptionHashes,
  verifySelections,
  verifyShortCodes,
  verifyVoteLimit,
} from "../src/voting/electionguard/ballot-checks.ts";
import { verifyChain } from "../src/voting/electionguard/chain.ts";
import { verifyChallengedBallot } from "../src/voting/electionguard/decryption.ts";
import { elementBytes, hash } from "../src/voting/electionguard/hash.ts";
import { Base, generatorPower, reduce, times } from "../src/voting/electionguard/powers.ts";
import type { ElectionKey } from "../src/voting/electionguard/setup.ts";
import { Aggregation, readDecryption } from "../src/voting/electionguard/tally.ts";
import {
  type Ciphertext,
  readCiphertext,
  readExponent,
  readHash,
} from "../src/voting/electionguard/values.ts";
import {
  all,
  ballotOf,
  electionOf,
  type Fields,
  manifestOf,
  open,
  upper,
} from "./electionguard-vectors.ts";
import { codeOf, findVectors } from "./vectors.ts";

const directory = findVectors("electionguard-2.0-kotlin");

describe.runIf(directory !== undefined)("vectors of ElectionGuard 2.0", () => {
  if (directory === undefined) return;
  const read = (name: string): Fields =>
    JSON.parse(readFileSync(join(directory, name), "utf8")) as Fields;
  const vector = (name: string, names: string) =>
    open(read(`${name}TestVector.json`), `desc ${names}`);

  it("have encryptions with nonces, whose range proofs are right", () => {
    const file = vector(
      "BallotEncryption",
      "joint_public_key extended_base_hash ballots expected_encrypted_ballots",
    );
    const election = electionOf(file.joint_public_key, file.extended_base_hash);
    const votes = all(file.ballots, (ballot) => {
      const { contests } = open(ballot, "ballot_id ballot_style contests");
      return all(contests, (contest) => {
        const own = open(contest, "contest_id sequence_order votes_allowed selections");
        const list = all(
          own.selections,
          (one) => open(one, "selection_id sequence_order vote").vote as number,
        );
        return { limit: own.votes_allowed as number, list };
      });
    });
    const readProofs = (proof: unknown) =>
      all(open(proof, "proofs").proofs, (one) => {
        const own = open(one, "u_nonce c_nonce expected_challenge expected_response");
        const [challenge, response] = [own.expected_challenge, own.expected_response];
        return { challenge: readExponent(challenge), response: readExponent(response) };
      });
    let count = 0;
    for (const [b, ballot] of (file.expected_encrypted_ballots as unknown[]).entries()) {
      const { contests } = open(ballot, "ballotId ballotNonce contests");
      for (const [c, contest] of (contests as unknown[]).entries()) {
        const own = open(contest, "contestId sequenceOrder task expected_proof selections");
        const selections = all(own.selections, (selection) => {
          const fields = open(
            selection,
            "selectionId sequenceOrder task expected_selection_nonce expected_encrypted_vote expected_proof",
          );
          const nonce = readExponent(fields.expected_selection_nonce);
          const vote = readCiphertext(fields.expected_encrypted_vote);
          const plain = votes[b]?.[c]?.list[count++ % 3] as number;
          expect(vote).toEqual({
            pad: generatorPower(nonce),
            data: election.keyBase.power(nonce + BigInt(plain)),
          });
          return {
            id: fields.selectionId as string,
            vote,
            proofs: readProofs(fields.expected_proof),
          };
        });
        verifySelections(election, { selections }, "5", {});
        const limit = { votesAllowed: votes[b]?.[c]?.limit as number };
        const proofs = readProofs(own.expected_proof);
        verifyVoteLimit(election, { selections, proofs, contest: limit }, "6", {});
      }
    }
    expect(count).toBe(3);
  });

  it.each(["ConfirmationCode", "BallotChaining"])("have confirmation codes: %s", (name) => {
    const isChaining = name === "BallotChaining";
    const file = vector(
      name,
      `joint_public_key extended_base_hash ballots expected_encrypted_ballots${isChaining ? " configBaux0" : ""}`,
    );
    const election = electionOf(file.joint_public_key, file.extended_base_hash);
    const chain = all(file.expected_encrypted_ballots, (ballot) => {
      const own = open(
        ballot,
        "ballotId ballotNonce codeBaux task expected_confirmationCode contests",
      );
      const contests = all(own.contests, (contest) => {
        const fields = open(contest, "contestId task expected_contestHash");
        return { hash: readHash(fields.expected_contestHash), preEncryption: undefined };
      });
      const made = {
        id: own.ballotId as string,
        codeBytes: new Uint8Array(Buffer.from(own.codeBaux as string, "hex")),
        confirmationCode: readHash(own.expected_confirmationCode),
        contests,
      };
      verifyConfirmationCode(election, made, false);
      return made;
    });
    expect(chain.length).toBe(isChaining ? 12 : 1);
    if (!isChaining) return;
    const deviceInformation = Uint8Array.from(file.configBaux0 as number[]);
    const { extendedBaseHash } = election;
    const last = chain.at(-1)?.confirmationCode as Uint8Array;
    const closing = concatBytes(last, deviceInformation, utf8("CLOSE"));
    verifyChain(
      { config: { isChaining, deviceInformation }, extendedBaseHash },
      {
        device: "device",
        codeBytes: hash(extendedBaseHash, 0x24, deviceInformation),
        ballotIds: chain.map(({ id }) => id),
        lastCode: last,
        isChaining,
        closingHash: hash(extendedBaseHash, 0x24, closing),
      },
      chain,
    );
  });

  it("have a tally that is the product of its ballots", () => {
    const file = vector(
      "BallotAggregation",
      "joint_public_key extended_base_hash encrypted_ballots task expected_encrypted_tally",
    );
    const sums = new Aggregation();
    const ids = all(file.encrypted_ballots, (ballot) => {
      const own = open(ballot, "ballotId ballotNonce contests");
      const contests = all(own.contests, (contest) => {
        const fields = open(contest, "contestId sequenceOrder selections");
        const selections = all(fields.selections, (selection) => {
          const one = open(selection, "selectionId sequenceOrder encrypted_vote");
          return { id: one.selectionId as string, vote: readCiphertext(one.encrypted_vote) };
        });
        return { contest: { id: fields.contestId as string }, selections };
      });
      sums.add({ id: own.ballotId as string, contests });
      return own.ballotId as string;
    });
    const tally = readTally(file.expected_encrypted_tally);
    expect(ids.length).toBe(11);
    sums.verify(tally);
    const [contest] = tally.sums.keys();
    const wrong = new Map(tally.sums.get(contest as string));
    const [first, second] = [...wrong.keys()] as [string, string];
    wrong.set(first, wrong.get(second) as Ciphertext);
    const moved = { ...tally, sums: new Map([[contest as string, wrong]]) };
    expect(codeOf(() => sums.verify(moved))).toBe("threshold/electionguard");
  });

  function readTally(value: unknown) {
    const own = open(value, "tally_id contests cast_ballot_ids");
    const sums = all(own.contests, (contest) => {
      const fields = open(contest, "contest_id sequence_order selections");
      const selections = all(fields.selections, (selection) => {
        const one = open(selection, "selection_id sequence_order encrypted_vote");
        return [one.selection_id as string, readCiphertext(one.encrypted_vote)] as const;
      });
      return [fields.contest_id as string, new Map(selections)] as const;
    });
    return { sums: new Map(sums), castBallotIds: new Set(own.cast_ballot_ids as string[]) };
  }

  it.each(["TallyDecryption", "TallyPartialDecryption"])("have tallies that open: %s", (name) => {
    const file = vector(
      name,
      "joint_public_key extended_base_hash trustees encrypted_tally expected_decrypted_tally",
    );
    const secret = secretOf(file.trustees);
    const election = electionOf(file.joint_public_key, file.extended_base_hash);
    expect(election.keyBytes).toEqual(elementBytes(generatorPower(secret)));
    const { sums } = readTally(file.encrypted_tally);
    let count = 0;
    all(open(file.expected_decrypted_tally, "contests").contests, (contest) => {
      const own = open(contest, "contestId selections");
      all(own.selections, (selection) => {
        const one = open(selection, "selectionId task expected_decrypted_vote");
        const sum = sums.get(own.contestId as string)?.get(one.selectionId as string);
        const votes = BigInt(one.expected_decrypted_vote as number);
        const share = new Base(sum?.pad as bigint).power(secret);
        expect(times(share, election.keyBase.power(votes))).toBe(sum?.data);
        count += 1;
      });
    });
    expect(count).toBe(3);
  });

  /** The sum of all guardians' constants; each one's share is the sum of all polynomials there. */
  function secretOf(trustees: unknown): bigint {
    const guardians = all(trustees, (item) =>
      open(item, "id xCoordinate polynomial_coefficients keyShare missing"),
    );
    const polynomials = guardians.map((one) => all(one.polynomial_coefficients, readExponent));
    const valueAt = (x: bigint) =>
      polynomials.reduce(
        (sum, list) => sum + list.reduceRight((value, item) => value * x + item, 0n),
        0n,
      );
    for (const { xCoordinate, keyShare } of guardians) {
      expect(reduce(valueAt(BigInt(xCoordinate as number)))).toBe(readExponent(keyShare));
    }
    return reduce(valueAt(0n));
  }

  it("have a ballot that is right, and its decryption with what was written in", () => {
    const file = vector(
      "DecryptBallot",
      "joint_public_key extended_base_hash trustees encrypted_ballot task expected_decrypted_ballot",
    );
    const election = electionOf(file.joint_public_key, file.extended_base_hash);
    const ballot = verifyVectorBallot(election, file.encrypted_ballot as Fields);
    const json = { ...(file.expected_decrypted_ballot as Fields), election_id: "0".repeat(64) };
    const opening = readDecryption(JSON.stringify(json));
    const own = (id: string) => ballot.contests.find(({ contest }) => contest.id === id);
    const [opened] = verifyChallengedBallot(
      election,
      {
        contests: ballot.contests.map(({ contest }) => contest),
        vote: (id, selection) => own(id)?.selections.find((one) => one.id === selection)?.vote,
        data: (id) => own(id)?.data,
      },
      opening,
    );
    expect(opened?.selections.map(({ votes }) => votes)).toEqual([1, 0, 0]);
    expect(opened?.data).toEqual({ status: "normal", overVotes: [], writeIns: [] });
  });

  it("have a ballot of which the nonce is known, that is right", () => {
    const file = vector(
      "DecryptWithNonce",
      "joint_public_key extended_base_hash primary_nonce encrypted_ballot task expected_decrypted_ballot",
    );
    const election = electionOf(file.joint_public_key, file.extended_base_hash);
    verifyVectorBallot(election, file.encrypted_ballot as Fields);
  });

  /** Verifications 5 to 7, but for the contest's hash, which is the draft's. */
  function verifyVectorBallot(election: ElectionKey, json: Fields): EncryptedBallot {
    const ballot = ballotOf(json, election, manifestOf(json));
    for (const contest of ballot.contests) {
      verifySelections(election, contest, "5", {});
      verifyVoteLimit(election, contest, "6", {});
      const votes = contest.selections.flatMap(({ vote }) => [vote.pad, vote.data]);
      const label = utf8(contest.contest.id);
      const parts = [label, election.keyBytes, ...votes.map(elementBytes)];
      expect(hash(election.extendedBaseHash, 0x23, ...parts)).toEqual(contest.hash);
    }
    verifyConfirmationCode(election, ballot, false);
    return ballot;
  }

  it("have a paper with short codes, whose hashes are right", () => {
    const file = vector(
      "PreEncryption",
      "manifest joint_public_key extended_base_hash primary_nonce preencrypted_ballot",
    );
    const { keyBytes, extendedBaseHash } = electionOf(
      file.joint_public_key,
      file.extended_base_hash,
    );
    const paper = open(
      file.preencrypted_ballot,
      "ballotId ballotStyleId primaryNonce contests task expected_confirmationCode",
    );
    const contestHashes = all(paper.contests, (contest) => {
      const own = open(
        contest,
        "contestId sequenceOrder votesAllowed selections task expected_preencryptionHash",
      );
      const hashes = all(own.selections, (selection) => {
        const one = open(
          selection,
          "selectionId sequenceOrder shortCode task expected_selectionHash expected_selectionVector expected_selectionNonces",
        );
        const vector = all(one.expected_selectionVector, readCiphertext);
        const parts = vector.flatMap(({ pad, data }) => [elementBytes(pad), elementBytes(data)]);
        const own = hash(extendedBaseHash, 0x40, keyBytes, ...parts);
        expect(upper(own)).toBe(one.expected_selectionHash);
        expect(upper(own).slice(0, 5)).toBe(one.shortCode);
        return own;
      });
      const sorted = hashes.toSorted((left, right) => Buffer.compare(left, right));
      const parts = [utf8(own.contestId as string), keyBytes, ...sorted];
      expect(upper(hash(extendedBaseHash, 0x41, ...parts))).toBe(own.expected_preencryptionHash);
      return readHash(own.expected_preencryptionHash);
    });
    const code = hash(extendedBaseHash, 0x42, ...contestHashes);
    expect(upper(code)).toBe(paper.expected_confirmationCode);
  });

  it("have a recorded paper that verifies but for the draft's contest hashes", () => {
    const file = vector(
      "PreEncryptionRecorded",
      "manifest joint_public_key extended_base_hash primary_nonce selected_codes task expected_recorded_ballot",
    );
    const election = electionOf(file.joint_public_key, file.extended_base_hash);
    const ballot = ballotOf(file.expected_recorded_ballot, election, file.manifest);
    expect(ballot.contests.length).toBe(2);
    for (const contest of ballot.contests) {
      const { preEncryption } = contest;
      if (preEncryption === undefined) throw new TypeError("not pre-encrypted");
      verifySelections(election, contest, "15", {});
      verifyVoteLimit(election, contest, "16", {});
      verifyShortCodes(contest, preEncryption, {});
      const codes = (file.selected_codes as Record<string, string[]>)[contest.contest.id];
      for (const { shortCode } of preEncryption.chosen) expect(codes).toContain(shortCode);
      const parts = [utf8(contest.contest.id), election.keyBytes, ...preEncryption.selectionHashes];
      expect(hash(election.extendedBaseHash, 0x41, ...parts)).toEqual(preEncryption.hash);
      const draft = () => verifyPreEncryptionHashes(election, contest, preEncryption, {});
      expect(verificationOf(draft)).toBe("17.B");
    }
    verifyConfirmationCode(election, ballot, true);
  });
});

function verificationOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (!(error instanceof ThresholdError)) throw error;
    const { failure } = error;
    return failure.code === "threshold/electionguard" ? failure.verification : failure.code;
  }
}
