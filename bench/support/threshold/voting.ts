/** Ballots of one question with five options: making, taking, counting and verifying them. */
import { dealShares, type Group, loadRistretto255, publicShare } from "@tacit/threshold";
import {
  Board,
  decryptTally,
  deriveCredential,
  type Election,
  finishTally,
  openElection,
  prepareBallot,
  tallyRequest,
  verifyElection,
} from "@tacit/threshold/voting";
import { median } from "../statistics.ts";
import { report, type ThresholdOptions, timesOf } from "./report.ts";

const PLANNED = 100_000;
const OPTIONS = ["A", "B", "C", "D", "E"];

/** An election with `count` voters, and all their ballots. */
function prepare<P>(group: Group<P>, count: number) {
  const secret = group.randomScalar();
  const { shares, commitments } = dealShares(group, { secret, threshold: 3, count: 5 });
  const id = new TextEncoder().encode("bench");
  const credentials = Array.from({ length: count }, (_, i) => {
    const seed = new Uint8Array(32);
    new DataView(seed.buffer).setUint32(0, i);
    return deriveCredential(group, seed, id);
  });
  const election = openElection(group, {
    id,
    publicKey: group.encode(group.multiplyBase(secret)),
    publicShares: shares.map(({ index }) => group.encode(publicShare(group, commitments, index))),
    threshold: 3,
    questions: [{ text: "Who?", options: OPTIONS, min: 1, max: 1, blank: false }],
    voters: credentials.map(({ publicKey }) => ({ key: publicKey, weight: 1n })),
  });
  const make = (i: number) =>
    prepareBallot(election, credentials[i % count] as never, [[i % OPTIONS.length]]).cast();
  return { election, shares, make, ballots: credentials.map((_, i) => make(i)) };
}

export async function benchVoting(options: ThresholdOptions): Promise<void> {
  const group = await loadRistretto255("wasm");
  const count = options.tiny ? 2 : 512;
  const runs = options.tiny ? 1 : 3;
  const { election, shares, make, ballots } = prepare(group, count);
  const making = timesOf(options.tiny ? 1 : 9, () => make(0));
  const taking = timesOf(runs, () => takeAll(election, ballots));
  const board = takeAll(election, ballots);
  board.close();
  const summing = timesOf(runs, () => tallyRequest(board));
  const parts = shares.slice(0, 3).map((share) => decryptTally(board, share, undefined));
  const { record } = finishTally(board, parts);
  const verifying = timesOf(runs, () => verifyElection(group, record));
  report(options, `a ballot of ${OPTIONS.length} options, of ${count}`, [
    ["made", making],
    ["verified by the board", taking, count],
    ["summed", summing, count],
    ["verified from the record, all included", verifying, count],
  ]);
  const minutes = (times: readonly number[]) =>
    ((median(times) / count) * (PLANNED / 60_000)).toFixed(1);
  options.log(
    `  ${PLANNED} such ballots on one core: board ${minutes(taking)} min, ` +
      `sum ${minutes(summing)} min, record ${minutes(verifying)} min (aim: 10 on two)`,
  );
}

function takeAll<P>(election: Election<P>, ballots: readonly Uint8Array[]): Board<P> {
  const board = new Board(election);
  const refused = board.append(ballots).filter(({ failure }) => failure !== undefined);
  if (refused.length > 0) throw new RangeError("a ballot was refused");
  return board;
}
