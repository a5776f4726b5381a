/** One encrypted ballot, as its file has it: `encrypted_ballots/<device>/eballot-<id>.json`. */
import { readCount, readJson, readList, readObject, readText } from "../json.ts";
import { demand, refuse } from "../refuse.ts";
import {
  CONTEST_DATA_BYTES_MAX,
  CONTESTS_MAX,
  SELECTIONS_MAX,
  VOTES_ALLOWED_MAX,
} from "./limits.ts";
import type { Manifest, ManifestContest } from "./manifest.ts";
import {
  type Ciphertext,
  type Proof,
  readBytes,
  readCiphertext,
  readElement,
  readFlag,
  readHash,
  readName,
  readProof,
  readSome,
} from "./values.ts";

/** A hashed encryption of bytes: what a voter wrote in, and notes on what was chosen. */
export interface HashedCiphertext {
  readonly c0: bigint;
  readonly c1: Uint8Array;
  readonly c2: Uint8Array;
  readonly lengthBytes: number;
}

/** What a voter chose on paper: short codes, each with the encryptions that it stands for. */
export interface PreEncryption {
  readonly hash: Uint8Array;
  /** Of all choices on the paper, ascending. */
  readonly selectionHashes: readonly Uint8Array[];
  readonly chosen: readonly {
    readonly hash: Uint8Array;
    readonly shortCode: string;
    readonly encryptions: readonly Ciphertext[];
  }[];
}

export interface BallotSelection {
  readonly id: string;
  readonly vote: Ciphertext;
  readonly proofs: readonly Proof[];
}

export interface BallotContest {
  readonly contest: ManifestContest;
  readonly hash: Uint8Array;
  readonly selections: readonly BallotSelection[];
  readonly proofs: readonly Proof[];
  readonly data: HashedCiphertext;
  readonly preEncryption: PreEncryption | undefined;
}

export type BallotState = "CAST" | "SPOILED" | "UNKNOWN";

export interface EncryptedBallot {
  readonly id: string;
  readonly device: string;
  /** What the confirmation code has beside the contests. */
  readonly codeBytes: Uint8Array;
  readonly confirmationCode: Uint8Array;
  readonly electionHash: Uint8Array;
  readonly contests: readonly BallotContest[];
  readonly state: BallotState;
  /** A number that the ballot may carry. */
  readonly serialNumber: Ciphertext | undefined;
}

/**
 * Reads a ballot that has exactly the contests and selections of its style, in their order.
 *
 * @throws {ThresholdError} `threshold/record`.
 */
export function readBallot(manifest: Manifest, text: string): EncryptedBallot {
  const fields = readObject(
    readJson(text),
    [
      "ballot_id",
      "ballot_style_id",
      "encrypting_device",
      "timestamp",
      "code_baux",
      "confirmation_code",
      "election_id",
      "contests",
      "state",
      "is_preencrypt",
      "primary_nonce",
    ],
    ["encrypted_sn"],
  );
  demand(fields.primary_nonce === null, "a ballot shows its nonce, and so what it holds");
  demand(Number.isSafeInteger(fields.timestamp), "a time is something else");
  const styled = manifest.styles.get(readText(fields.ballot_style_id)) ?? [];
  const items = readSome(fields.contests, CONTESTS_MAX, (one) => one);
  demand(items.length === styled.length, "a ballot has other contests than its style");
  const isPreEncrypted = readFlag(fields.is_preencrypt);
  const serialNumber = fields.encrypted_sn ?? undefined;
  return {
    id: readName(fields.ballot_id),
    device: readName(fields.encrypting_device),
    codeBytes: readBytes(fields.code_baux, 4_096),
    confirmationCode: readHash(fields.confirmation_code),
    electionHash: readHash(fields.election_id),
    contests: items.map((item, i) =>
      readContest(styled[i] as ManifestContest, item, isPreEncrypted),
    ),
    state: readState(fields.state),
    serialNumber: serialNumber === undefined ? undefined : readCiphertext(serialNumber),
  };
}

function readState(value: unknown): BallotState {
  const isState = value === "CAST" || value === "SPOILED" || value === "UNKNOWN";
  return isState ? value : refuse("a ballot's state is something else");
}

function readContest(
  contest: ManifestContest,
  value: unknown,
  isPreEncrypted: boolean,
): BallotContest {
  const fields = readObject(value, [
    "contest_id",
    "sequence_order",
    "votes_allowed",
    "contest_hash",
    "selections",
    "proof",
    "encrypted_contest_data",
    "pre_encryption",
  ]);
  const isSame =
    fields.contest_id === contest.id &&
    fields.sequence_order === contest.order &&
    fields.votes_allowed === contest.votesAllowed;
  demand(isSame, "a ballot has other contests than its style");
  const items = readSome(fields.selections, SELECTIONS_MAX, (one) => one);
  demand(items.length === contest.selections.length, "a contest has other selections");
  const { pre_encryption: preEncryption } = fields;
  demand((preEncryption !== null) === isPreEncrypted, "a ballot is encrypted in two ways");
  return {
    contest,
    hash: readHash(fields.contest_hash),
    selections: items.map((item, i) => readSelection(contest, i, item)),
    proofs: readRangeProof(fields.proof),
    data: readHashed(fields.encrypted_contest_data),
    preEncryption: preEncryption === null ? undefined : readPreEncryption(contest, preEncryption),
  };
}

function readSelection(
  { selections }: ManifestContest,
  at: number,
  value: unknown,
): BallotSelection {
  const names = ["selection_id", "sequence_order", "encrypted_vote", "proof"] as const;
  const fields = readObject(value, names);
  const expected = selections[at];
  const isSame = fields.selection_id === expected?.id && fields.sequence_order === expected?.order;
  demand(expected !== undefined && isSame, "a contest has other selections");
  return {
    id: expected.id,
    vote: readCiphertext(fields.encrypted_vote),
    proofs: readRangeProof(fields.proof),
  };
}

function readRangeProof(value: unknown): readonly Proof[] {
  return readSome(readObject(value, ["proofs"]).proofs, VOTES_ALLOWED_MAX + 1, readProof);
}

export function readHashed(value: unknown): HashedCiphertext {
  const fields = readObject(value, ["c0", "c1", "c2", "numBytes"]);
  const c1 = readBytes(fields.c1, CONTEST_DATA_BYTES_MAX);
  const lengthBytes = readCount(fields.numBytes);
  const isPadded = c1.length === Math.ceil(lengthBytes / 32) * 32;
  demand(isPadded, "a contest's data have another length");
  return { c0: readElement(fields.c0), c1, c2: readHash(fields.c2), lengthBytes };
}

/** As many short codes as votes are allowed; a hash more for each vote that may be left out. */
function readPreEncryption(
  { selections, votesAllowed }: ManifestContest,
  value: unknown,
): PreEncryption {
  const fields = readObject(value, [
    "preencryption_hash",
    "all_selection_hashes",
    "selected_vectors",
  ]);
  const selectionHashes = readList(fields.all_selection_hashes, readHash);
  const chosen = readList(fields.selected_vectors, (item) => {
    const own = readObject(item, ["selection_hash", "short_code", "encryptions"]);
    const encryptions = readList(own.encryptions, readCiphertext);
    demand(encryptions.length === selections.length, "a short code stands for something else");
    return { hash: readHash(own.selection_hash), shortCode: readText(own.short_code), encryptions };
  });
  const isWhole =
    selectionHashes.length === selections.length + votesAllowed && chosen.length === votesAllowed;
  demand(isWhole, "a pre-encrypted contest has another shape");
  return { hash: readHash(fields.preencryption_hash), selectionHashes, chosen };
}
