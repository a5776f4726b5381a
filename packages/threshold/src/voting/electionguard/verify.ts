/**
 * A whole record of ElectionGuard 2.0.0, as the Kotlin library writes it. Of this package it uses
 * bytes, errors and the strict reading of JSON, and nothing that makes ballots or proofs.
 */
import { bytesToHex } from "@noble/hashes/utils.js";
import { equalBytes } from "../../bytes.ts";
import { demand, refuse } from "../refuse.ts";
import {
  type BallotState,
  type EncryptedBallot,
  type HashedCiphertext,
  readBallot,
} from "./ballot.ts";
import { verifyBallot } from "./ballot-checks.ts";
import {
  type BallotChain,
  type ChainedBallot,
  ConfirmationCodes,
  readChain,
  verifyChain,
} from "./chain.ts";
import {
  type ContestResult,
  type OpenedContest,
  verifyChallengedBallot,
  verifyTallyDecryption,
} from "./decryption.ts";
import { fileName, type RecordFiles, RecordReader } from "./files.ts";
import type { ManifestContest } from "./manifest.ts";
import { check } from "./refuse.ts";
import { readSetup, type Setup } from "./setup.ts";
import {
  Aggregation,
  type Decryption,
  type EncryptedTally,
  readDecryption,
  readEncryptedTally,
} from "./tally.ts";
import type { Ciphertext } from "./values.ts";

/** What a verified record says. */
export interface ElectionGuardResult {
  /** The manifest's name of the election. */
  readonly scope: string;
  /** H_E in hex: compare it with what others verified. */
  readonly electionHash: string;
  readonly guardians: readonly string[];
  readonly quorum: number;
  /** Sums over all cast ballots. */
  readonly contests: readonly ContestResult[];
  /** By device, in the order of their files. */
  readonly ballots: readonly VerifiedBallot[];
}

export interface VerifiedBallot {
  readonly id: string;
  readonly device: string;
  /** In hex: a voter finds hers among them. */
  readonly confirmationCode: string;
  /** Only `CAST` ballots count; a `SPOILED` one was challenged. */
  readonly state: BallotState;
  /** Of a challenged ballot that the guardians opened. */
  readonly opened: readonly OpenedContest[] | undefined;
}

/**
 * Verifies a record by the numbered verifications of the specification, 1 to 18.
 *
 * Ballots are read one by one: memory holds the sums, the confirmation codes, and the ciphertexts
 * of challenged ballots.
 *
 * @param onProgress called behind each ballot with how many are verified.
 * @throws {ThresholdError} `threshold/electionguard` with the verification that fails and where;
 * `threshold/record` for files and fields that are not those of the format.
 */
export function verifyElectionGuard(
  files: RecordFiles,
  onProgress: (verified: number, all: number) => void = () => {},
): ElectionGuardResult {
  const reader = new RecordReader(files);
  const setup = readSetup(reader.parse);
  const { manifest, guardians, config, extendedBaseHash } = setup;
  const parse = <T extends { readonly electionHash: Uint8Array }>(
    path: string,
    read: (text: string) => T,
  ): T =>
    reader.parse(path, (text) => {
      const item = read(text);
      demand(equalBytes(item.electionHash, extendedBaseHash), "of another election");
      return item;
    });
  const walk = new Walk(setup);
  let verified = 0;
  for (const [folder, { ballots, chain }] of reader.devices) {
    const own = ballots.map((path) => {
      const ballot = parse(path, (text) => readBallot(manifest, text));
      const place = `encrypted_ballots/${folder}/eballot-${fileName(ballot.id)}.json`;
      assertPlace(path, path === place && folder === fileName(ballot.device));
      walk.enter(ballot);
      verified += 1;
      onProgress(verified, reader.ballotCount);
      return {
        id: ballot.id,
        codeBytes: ballot.codeBytes,
        confirmationCode: ballot.confirmationCode,
      };
    });
    const read = chain === undefined ? undefined : reader.parse(chain, readChain);
    if (read !== undefined) assertPlace(`${chain}`, folder === fileName(read.device));
    walk.leaveDevice(folder, own, read);
  }
  const contests = walk.close(
    parse("encrypted_tally.json", (text) => readEncryptedTally(manifest, text)),
    parse("tally.json", readDecryption),
  );
  for (const path of reader.challenged) {
    const opening = parse(path, readDecryption);
    assertPlace(path, path === `challenged_ballots/dballot-${fileName(opening.id)}.json`);
    walk.open(opening);
  }
  return {
    scope: manifest.scope,
    electionHash: bytesToHex(extendedBaseHash),
    guardians: guardians.map(({ id }) => id),
    quorum: config.quorum,
    contests,
    ballots: walk.ballots(),
  };
}

function assertPlace(path: string, isInPlace: boolean): void {
  demand(isInPlace, `a file has another name than what it holds (${path})`);
}

/** What is kept of a challenged ballot until its opening comes. */
interface Challenged {
  readonly contests: readonly ManifestContest[];
  vote(contestId: string, selectionId: string): Ciphertext | undefined;
  data(contestId: string): HashedCiphertext | undefined;
}

/** The record as far as it was read. */
class Walk {
  readonly #setup: Setup;
  readonly #codes = new ConfirmationCodes();
  readonly #sums = new Aggregation();
  readonly #ballots = new Map<string, Omit<VerifiedBallot, "opened">>();
  readonly #challenged = new Map<string, Challenged>();
  readonly #opened = new Map<string, readonly OpenedContest[]>();

  constructor(setup: Setup) {
    this.#setup = setup;
  }

  enter(ballot: EncryptedBallot): void {
    const { id, device, confirmationCode, state, contests } = ballot;
    demand(!this.#ballots.has(id), "two ballots have one name");
    verifyBallot(this.#setup, ballot);
    const isPreEncrypted = contests.some(({ preEncryption }) => preEncryption !== undefined);
    this.#codes.verify(ballot, isPreEncrypted);
    const code = bytesToHex(confirmationCode);
    this.#ballots.set(id, { id, device, confirmationCode: code, state });
    if (state === "CAST") this.#sums.add(ballot);
    if (state === "SPOILED") this.#challenged.set(id, challengedOf(ballot));
  }

  /** @param ballots of one device, all of them. */
  leaveDevice(
    device: string,
    ballots: readonly ChainedBallot[],
    chain: BallotChain | undefined,
  ): void {
    if (chain === undefined) {
      check(!this.#setup.config.isChaining, "7.G", { device });
      return;
    }
    const byId = new Map(ballots.map((ballot) => [ballot.id, ballot]));
    const inOrder = chain.ballotIds.map(
      (id) => byId.get(id) ?? refuse("a device's chain has other ballots than its folder"),
    );
    const isWhole = inOrder.length === byId.size && new Set(inOrder).size === byId.size;
    demand(isWhole, "a device's chain has other ballots than its folder");
    verifyChain(this.#setup, chain, inOrder);
  }

  close(tally: EncryptedTally, decryption: Decryption): readonly ContestResult[] {
    this.#sums.verify(tally);
    const { contests } = this.#setup.manifest;
    const vote = (contest: string, selection: string) => tally.sums.get(contest)?.get(selection);
    const isVoted = (contest: string) => this.#sums.has(contest);
    demand(tally.id === decryption.id, "another tally was decrypted");
    return verifyTallyDecryption(this.#setup, { contests, vote }, decryption, isVoted);
  }

  /** Only challenged ballots are ever opened, once. */
  open(opening: Decryption): void {
    const { id } = opening;
    const challenged = this.#challenged.get(id);
    check(challenged !== undefined && !this.#opened.has(id), "12.B", { ballot: id });
    this.#opened.set(id, verifyChallengedBallot(this.#setup, challenged, opening));
  }

  ballots(): readonly VerifiedBallot[] {
    return [...this.#ballots.values()].map((one) => ({ ...one, opened: this.#opened.get(one.id) }));
  }
}

function challengedOf({ contests }: EncryptedBallot): Challenged {
  const byId = new Map(contests.map((one) => [one.contest.id, one]));
  return {
    contests: contests.map(({ contest }) => contest),
    vote: (contestId, selectionId) =>
      byId.get(contestId)?.selections.find(({ id }) => id === selectionId)?.vote,
    data: (contestId) => byId.get(contestId)?.data,
  };
}
