/** The sums and what they open to: verification 8, and reading for 9 to 14. */
import { readCount, readJson, readList, readObject } from "../json.ts";
import { demand, refuse } from "../refuse.ts";
import { type BallotSelection, readHashed } from "./ballot.ts";
import { addCiphertexts } from "./ballot-checks.ts";
import { type DecryptedContestData, readContestData } from "./contest-data.ts";
import type { Manifest } from "./manifest.ts";
import { check } from "./refuse.ts";
import {
  type Ciphertext,
  type Proof,
  readCiphertext,
  readElement,
  readHash,
  readName,
  readProof,
} from "./values.ts";

/** Ciphertexts by contest, then by selection. */
export type Sums = ReadonlyMap<string, ReadonlyMap<string, Ciphertext>>;

export interface EncryptedTally {
  readonly id: string;
  readonly sums: Sums;
  readonly castBallotIds: ReadonlySet<string>;
  readonly electionHash: Uint8Array;
}

/** `encrypted_tally.json`: all contests of the manifest with all selections, in any order. */
export function readEncryptedTally(manifest: Manifest, text: string): EncryptedTally {
  const names = ["tally_id", "contests", "cast_ballot_ids", "election_id"] as const;
  const fields = readObject(readJson(text), names);
  const sums = new Map<string, ReadonlyMap<string, Ciphertext>>();
  readList(fields.contests, (item) => {
    const own = readObject(item, ["contest_id", "sequence_order", "selections"]);
    const contest = manifest.byId.get(readName(own.contest_id));
    const isOther = contest === undefined || own.sequence_order !== contest.order;
    if (isOther || sums.has(contest.id)) return refuse("the tally has other contests");
    const items = readList(own.selections, (one) => {
      const parts = readObject(one, ["selection_id", "sequence_order", "encrypted_vote"]);
      const id = readName(parts.selection_id);
      const known = contest.selections.find((selection) => selection.id === id);
      const isKnown = known !== undefined && known.order === parts.sequence_order;
      demand(isKnown, "the tally has other selections");
      return [id, readCiphertext(parts.encrypted_vote)] as const;
    });
    const selections = new Map(items);
    const isWhole = items.length === selections.size && items.length === contest.selections.length;
    demand(isWhole, "the tally has other selections");
    sums.set(contest.id, selections);
    return undefined;
  });
  demand(sums.size === manifest.contests.length, "the tally has other contests");
  const castBallotIds = readList(fields.cast_ballot_ids, readName);
  const ids = new Set(castBallotIds);
  demand(ids.size === castBallotIds.length, "the tally counts a ballot twice");
  return {
    id: readName(fields.tally_id),
    sums,
    castBallotIds: ids,
    electionHash: readHash(fields.election_id),
  };
}

/** What is added of a ballot. */
interface CountedBallot {
  readonly id: string;
  readonly contests: readonly {
    readonly contest: { readonly id: string };
    readonly selections: readonly Pick<BallotSelection, "id" | "vote">[];
  }[];
}

/** Adds ballots as they come; never holds more than the sums. */
export class Aggregation {
  readonly #sums = new Map<string, Map<string, Ciphertext>>();
  readonly #cast = new Set<string>();

  add({ id, contests }: CountedBallot): void {
    this.#cast.add(id);
    for (const { contest, selections } of contests) {
      const sums = this.#sums.get(contest.id) ?? new Map<string, Ciphertext>();
      this.#sums.set(contest.id, sums);
      for (const selection of selections) {
        const sum = sums.get(selection.id);
        const { vote } = selection;
        sums.set(selection.id, sum === undefined ? vote : addCiphertexts([sum, vote]));
      }
    }
  }

  /** Whether some cast ballot has the contest. */
  has(contestId: string): boolean {
    return this.#sums.has(contestId);
  }

  /**
   * 8.A and 8.B: the published sums are the products of all cast ballots. A contest that no cast
   * ballot has is a fresh encryption of 0 instead of the empty product; see verification 10.
   */
  verify({ sums, castBallotIds }: Pick<EncryptedTally, "sums" | "castBallotIds">): void {
    const isAll =
      castBallotIds.size === this.#cast.size &&
      [...castBallotIds].every((id) => this.#cast.has(id));
    check(isAll, "8.A");
    for (const [contest, selections] of this.#sums) {
      for (const [selection, { pad, data }] of selections) {
        const published = sums.get(contest)?.get(selection);
        check(published?.pad === pad, "8.A", { contest, selection });
        check(published.data === data, "8.B", { contest, selection });
      }
    }
  }
}

export interface DecryptedSelection {
  readonly id: string;
  /** How many votes. */
  readonly votes: number;
  /** K to the votes. */
  readonly element: bigint;
  readonly ciphertext: Ciphertext;
  readonly proof: Proof;
}

export interface DecryptedContest {
  readonly id: string;
  readonly selections: readonly DecryptedSelection[];
  readonly data: DecryptedContestData | undefined;
}

/** `tally.json`, or a challenged ballot. */
export interface Decryption {
  readonly id: string;
  readonly contests: readonly DecryptedContest[];
  readonly electionHash: Uint8Array;
}

/** Shapes only; that nothing of the manifest is missing is for verifications 10 and 13 to say. */
export function readDecryption(text: string): Decryption {
  const fields = readObject(readJson(text), ["id", "contests", "election_id"]);
  const contests = readList(fields.contests, (item) => {
    const own = readObject(item, ["contest_id", "selections", "decrypted_contest_data"]);
    const { decrypted_contest_data: data } = own;
    return {
      id: readName(own.contest_id),
      selections: readList(own.selections, readSelection),
      data: data === null ? undefined : readContestData(data, readHashed),
    };
  });
  return { id: readName(fields.id), contests, electionHash: readHash(fields.election_id) };
}

function readSelection(value: unknown): DecryptedSelection {
  const names = ["selection_id", "tally", "b_over_m", "encrypted_vote", "proof"] as const;
  const fields = readObject(value, names);
  return {
    id: readName(fields.selection_id),
    votes: readCount(fields.tally),
    element: readElement(fields.b_over_m),
    ciphertext: readCiphertext(fields.encrypted_vote),
    proof: readProof(fields.proof),
  };
}
