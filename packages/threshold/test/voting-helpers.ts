/** An election of three trustees, two of whom decrypt. */
import { utf8 } from "../src/bytes.ts";
import { loadRistretto255 } from "../src/groups/load.ts";
import type { WasmPoint } from "../src/groups/wasm-group.ts";
import type { Choice } from "../src/voting/answer.ts";
import { prepareBallot } from "../src/voting/ballot.ts";
import type { BallotVerdict, Board } from "../src/voting/board.ts";
import { type Credential, deriveCredential } from "../src/voting/credential.ts";
import {
  type Election,
  type ElectionDefinition,
  openElection,
  type Question,
} from "../src/voting/election.ts";
import { decryptTally, finishTally, type Tally } from "../src/voting/tally.ts";
import { dealShares, publicShare, type Share } from "../src/vss.ts";
import { catchFailure } from "./vectors.ts";

export const group = await loadRistretto255("wasm");

export const QUESTIONS: readonly Question[] = [
  { text: "Who?", options: ["A", "B", "C"], min: 1, max: 2, blank: true },
  { text: "Yes or no?", options: ["yes", "no"], min: 1, max: 1, blank: false },
];

export interface Setup {
  readonly definition: ElectionDefinition;
  readonly election: Election<WasmPoint>;
  readonly credentials: readonly Credential[];
  readonly shares: readonly Share[];
}

/** @param weights one for each voter. */
export function setUp(
  weights: readonly bigint[],
  { id = utf8("election 1"), questions = QUESTIONS } = {},
): Setup {
  const secret = group.randomScalar();
  const { shares, commitments } = dealShares(group, { secret, threshold: 2, count: 3 });
  const credentials = weights.map((_, i) =>
    deriveCredential(group, new Uint8Array(32).fill(i + 1), id),
  );
  const definition = {
    id,
    publicKey: group.encode(group.multiplyBase(secret)),
    publicShares: [1, 2, 3].map((i) => group.encode(publicShare(group, commitments, i))),
    threshold: 2,
    questions,
    voters: credentials.map(({ publicKey }, i) => ({
      key: publicKey,
      weight: weights[i] as bigint,
    })),
  };
  return { definition, election: openElection(group, definition), credentials, shares };
}

export function cast(
  { election, credentials }: Setup,
  voter: number,
  choices: readonly Choice[],
): Uint8Array {
  return prepareBallot(election, credentials[voter] as Credential, choices).cast();
}

/** Why a ballot is refused, or the code of another failure; undefined if nothing fails. */
export function reasonOf(run: () => unknown): string | undefined {
  const failure = catchFailure(run);
  return failure?.code === "threshold/ballot" ? failure.reason : failure?.code;
}

/** Why the board refused, or "taken". */
export function verdictOf(verdict: BallotVerdict | undefined): string {
  if (verdict?.failure === undefined) return "taken";
  const { failure } = verdict;
  return failure.code === "threshold/ballot" ? failure.reason : failure.code;
}

/** @param holders positions of the trustees who decrypt. */
export function count(board: Board<WasmPoint>, shares: readonly Share[], holders = [0, 2]): Tally {
  const partials = holders.map((i) => decryptTally(board, shares[i] as Share, undefined));
  return finishTally(board, partials);
}
