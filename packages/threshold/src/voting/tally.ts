/** The weighted sum of the counted ballots, opened by the trustees, and the record of it all. */
import { concatBytes, equalBytes, utf8 } from "../bytes.ts";
import {
  combinePartials,
  type DecryptionRequest,
  type PartialDecryption,
  type PartialVerdicts,
  partialDecrypt,
  verifyDecryption,
  verifyPartials,
} from "../decryption/partial.ts";
import { type Ciphertext, encryptWith } from "../elgamal/ciphertext.ts";
import { DiscreteLogTable } from "../elgamal/discrete-log.ts";
import type { Group, Scalar } from "../groups/group.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
import { protocolTag } from "../sigma/narg.ts";
import { DuplexSponge, deriveSessionId, squeezeChallenge } from "../sigma/transcript.ts";
import type { Share } from "../vss.ts";
import { readCiphertexts, refuseBallot } from "./ballot.ts";
import { type Board, encodeEntry, readEntry, replayBoard } from "./board.ts";
import { ciphertextsOf, decodeElection, type Election } from "./election.ts";
import { demand } from "./refuse.ts";

/** Weights added up. */
export interface QuestionResult {
  readonly options: readonly bigint[];
  /** Undefined for a question without a blank vote. */
  readonly blank: bigint | undefined;
}

const MAGIC = utf8("tacit/voting/record/v1");
const TABLE_BITS_MAX = 16;
const VALUE_BYTES = 8;

/**
 * What the trustees decrypt: for each option the sum of the counted ballots, weighted, and a
 * public mask of the board's head. With the mask no sum is the identity, not of no ballots and not
 * of ballots whose makers arranged it.
 *
 * @throws {ThresholdError} `threshold/ballot` with `not_closed`.
 */
export function tallyRequest<P>(board: Board<P>): DecryptionRequest<P> {
  if (!board.isClosed) refuseBallot("not_closed");
  const { group, key, fingerprint } = board.election;
  const sums = sumCounted(board);
  const masks = deriveMasks(group, board.head, sums.length);
  const ciphertexts = sums.map((sum, i) => {
    const { ciphertext } = encryptWith(group, key, 0n, masks[i] as Scalar);
    return {
      commitment: group.add(sum.commitment, ciphertext.commitment),
      handle: group.add(sum.handle, ciphertext.handle),
    };
  });
  return { group, key, ciphertexts, id: concatBytes(fingerprint, board.head) };
}

/** Ballots of one weight are added first, so that there are as many products as weights. */
function sumCounted<P>(board: Board<P>): Ciphertext<P>[] {
  const { election } = board;
  const { group } = election;
  const count = election.definition.questions.reduce((sum, item) => sum + ciphertextsOf(item), 0);
  const byWeight = new Map<bigint, { commitments: P[]; handles: P[] }>();
  for (const { body, weight } of board.counted) {
    let sums = byWeight.get(weight);
    if (sums === undefined) {
      const zeros = () => Array.from({ length: count }, () => group.identity);
      sums = { commitments: zeros(), handles: zeros() };
      byWeight.set(weight, sums);
    }
    for (const [i, { commitment, handle }] of readCiphertexts(election, body).entries()) {
      sums.commitments[i] = group.add(sums.commitments[i] as P, commitment);
      sums.handles[i] = group.add(sums.handles[i] as P, handle);
    }
  }
  const [weights, columns] = [[...byWeight.keys()], [...byWeight.values()]];
  return Array.from({ length: count }, (_, i) => ({
    commitment: group.sumOfProducts(
      columns.map(({ commitments }) => commitments[i] as P),
      weights,
    ),
    handle: group.sumOfProducts(
      columns.map(({ handles }) => handles[i] as P),
      weights,
    ),
  }));
}

function deriveMasks<P>(group: Group<P>, head: Uint8Array, count: number): Scalar[] {
  const sponge = new DuplexSponge(deriveSessionId(protocolTag("voting-mask/v1", group.name, head)));
  return Array.from({ length: count }, () => squeezeChallenge(sponge, group.order));
}

/**
 * A trustee's part, of a board that the trustee verified itself ({@link replayBoard}): the sums of
 * two boards of one election differ by single ballots.
 *
 * @param earlierHead of the board of this election that this trustee decrypted before, kept on
 * disk before the part leaves; undefined if there was none.
 * @throws {ThresholdError} `threshold/ballot` with `second_board`, and as `partialDecrypt`.
 */
export function decryptTally<P>(
  board: Board<P>,
  share: Share,
  earlierHead: Uint8Array | undefined,
): PartialDecryption {
  if (earlierHead !== undefined && !equalBytes(earlierHead, board.head)) {
    refuseBallot("second_board");
  }
  return partialDecrypt(tallyRequest(board), share);
}

export interface Tally {
  readonly results: readonly QuestionResult[];
  /** Everything that anyone needs to verify the election. */
  readonly record: Uint8Array;
  /** Trustees whose part was wrong, and what was wrong with it. */
  readonly cheaters: PartialVerdicts["bad"];
}

/** @throws {ThresholdError} `threshold/too_few` good parts, `threshold/ballot` with `not_closed`. */
export function finishTally<P>(board: Board<P>, partials: readonly PartialDecryption[]): Tally {
  const { group, definition } = board.election;
  const request = tallyRequest(board);
  const { good, bad } = verifyPartials(request, sharesOf(board.election), partials);
  const used = good
    .toSorted((left, right) => left.index - right.index)
    .slice(0, definition.threshold);
  const elements = combinePartials(request, used, definition.threshold);
  const max = board.counted.reduce((sum, { weight }) => sum + weight, 0n);
  const bits = Math.min(TABLE_BITS_MAX, Math.max(4, Math.ceil(max.toString(2).length / 2) + 2));
  const table = DiscreteLogTable.build(group, bits);
  const values = elements.map((element) => table.solve(element, max));
  return {
    results: groupValues(board.election, values),
    record: encodeRecord(board, used, values),
    cheaters: bad,
  };
}

function sharesOf<P>({ publicShares }: Election<P>): (index: number) => P | undefined {
  return (index) => publicShares[index - 1];
}

function groupValues<P>(election: Election<P>, values: readonly bigint[]): QuestionResult[] {
  let start = 0;
  return election.definition.questions.map((question) => {
    const own = values.slice(start, start + ciphertextsOf(question));
    start += own.length;
    const count = question.options.length;
    return { options: own.slice(0, count), blank: own[count] };
  });
}

/**
 * magic ‖ election ‖ number of entries(4) ‖ entries ‖ head(32) ‖ number of partials(2) ‖
 * for each index(2) and bytes ‖ values, 8 bytes each.
 */
function encodeRecord<P>(
  board: Board<P>,
  partials: readonly PartialDecryption[],
  values: readonly bigint[],
): Uint8Array {
  const writer = new ByteWriter().variable(MAGIC).variable(board.election.bytes);
  writer.unsigned(board.entries.length, 4);
  for (const entry of board.entries) writer.fixed(encodeEntry(entry));
  writer.fixed(board.head).unsigned(partials.length, 2);
  for (const { index, bytes } of partials) writer.unsigned(index, 2).variable(bytes);
  for (const value of values) writer.unsigned(value, VALUE_BYTES);
  return writer.bytes();
}

/**
 * The board and result of a record, all verified by this package's own prover side; an auditor
 * uses `verifyElection`, which shares no code with it.
 *
 * @throws {ThresholdError} for anything that is wrong.
 */
export function replayRecord<P>(
  group: Group<P>,
  record: Uint8Array,
): { readonly board: Board<P>; readonly results: readonly QuestionResult[] } {
  const reader = new ByteReader(record);
  demand(equalBytes(reader.variable(), MAGIC), "record format");
  const election = decodeElection(group, reader.variable());
  const entryCount = reader.unsigned(4);
  demand(entryCount <= reader.remainingBytes, "number of entries");
  const entries = Array.from({ length: entryCount }, () => readEntry(reader));
  const head = reader.fixed(32);
  const { threshold } = election.definition;
  demand(reader.unsigned(2) === threshold, "number of partial decryptions");
  const partials = Array.from({ length: threshold }, () => ({
    index: reader.unsigned(2),
    bytes: reader.variable(),
  }));
  demand(
    partials.every(({ index }, i) => i === 0 || index > (partials[i - 1]?.index ?? 0)),
    "order of partial decryptions",
  );
  const count = election.definition.questions.reduce((sum, item) => sum + ciphertextsOf(item), 0);
  const values = Array.from({ length: count }, () => reader.unsignedBig(VALUE_BYTES));
  reader.end();
  const board = replayBoard(election, entries);
  demand(equalBytes(board.head, head), "head");
  const result = { partials, threshold, values };
  verifyDecryption(tallyRequest(board), sharesOf(election), result);
  return { board, results: groupValues(election, values) };
}
