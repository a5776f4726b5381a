/**
 * Decryption by holders of shares: each takes its part of the mask off, with a proof, and any
 * `threshold` parts give the result, which everybody can check.
 */
import { concatBytes, u32LittleEndian } from "../bytes.ts";
import type { Ciphertext } from "../elgamal/ciphertext.ts";
import { type EncryptionKey, encodeKey } from "../elgamal/keys.ts";
import { ThresholdError, type ThresholdErrorCode } from "../errors.ts";
import type { Group, RandomBytes } from "../groups/group.ts";
import { type Claim, checkClaims, findFalseClaims } from "../sigma/claims.ts";
import { ProofReader, ProofWriter, protocolTag, Transcript } from "../sigma/narg.ts";
import { encodeString } from "../sigma/transcript.ts";
import { lagrangeWeights, type Share } from "../vss.ts";
import { assertHidesSecrets } from "./backend.ts";

/** What is decrypted, and for whom. The same for all holders, byte for byte. */
export interface DecryptionRequest<P> {
  readonly group: Group<P>;
  readonly key: EncryptionKey<P>;
  readonly ciphertexts: readonly Ciphertext<P>[];
  /** Chain, contract, request, epoch: partials are good for this alone. */
  readonly id: Uint8Array;
}

export interface PartialDecryption {
  /** Of the share, from 1 on. */
  readonly index: number;
  /** One element for each ciphertext ‖ two commitments ‖ response. */
  readonly bytes: Uint8Array;
}

/** Public key of the share with this index, or undefined for nobody's. */
export type PublicShares<P> = (index: number) => P | undefined;

/** Most ciphertexts of one request. */
export const CIPHERTEXTS_MAX = 1024;

const PROTOCOL = "partial-decryption/v1";

export function partialBytes<P>({ group, ciphertexts }: DecryptionRequest<P>): number {
  return (ciphertexts.length + 2) * group.elementBytes + group.scalarBytes;
}

/**
 * Multiplies each handle by the share, and proves with one proof that it was the share whose
 * public key is known. The request must have been authorised and its ciphertexts' proofs
 * verified: they are malleable, and this is what an attacker would have decrypted.
 *
 * @throws {ThresholdError} `threshold/backend` if the group's backend does not hide the share;
 * `threshold/statement` for no ciphertexts or too many; `threshold/identity`.
 */
export function partialDecrypt<P>(
  request: DecryptionRequest<P>,
  share: Share,
  options: { readonly acceptTiming?: boolean; readonly random?: RandomBytes } = {},
): PartialDecryption {
  const { group, key, ciphertexts } = request;
  if (options.acceptTiming !== true) assertHidesSecrets(group);
  const publicShare = group.multiplySecret(key.handleBase, share.value);
  const transcript = openTranscript(request, share.index, publicShare);
  const writer = new ProofWriter(transcript);
  writer.sendElements(ciphertexts.map(({ handle }) => group.multiplySecret(handle, share.value)));
  const weights = ciphertexts.map(() => transcript.challenge());
  const handles = ciphertexts.map(({ handle }) => handle);
  const nonce = group.randomScalar(options.random);
  writer.sendElements([
    group.multiplySecret(key.handleBase, nonce),
    group.multiplySecret(group.sumOfProducts(handles, weights), nonce),
  ]);
  const challenge = transcript.challenge();
  writer.sendScalars([group.reduce(nonce + challenge * share.value)]);
  return { index: share.index, bytes: writer.finish() };
}

interface PartialReading<P> {
  readonly index: number;
  readonly elements: readonly P[];
  readonly claim: Claim<P>;
}

/** @throws {ThresholdError} `threshold/index`, and the codes of decoding. */
function readPartial<P>(
  request: DecryptionRequest<P>,
  publicShares: PublicShares<P>,
  { index, bytes }: PartialDecryption,
): PartialReading<P> {
  const { group, key, ciphertexts } = request;
  const publicShare = publicShares(index);
  if (publicShare === undefined) throw new ThresholdError({ code: "threshold/index", index });
  const transcript = openTranscript(request, index, publicShare);
  const reader = new ProofReader(transcript, bytes, partialBytes(request));
  const elements = reader.readElements(ciphertexts.length);
  const weights = ciphertexts.map(() => transcript.challenge());
  const [first, second] = reader.readElements(2) as [P, P];
  const challenge = transcript.challenge();
  const [response] = reader.readScalars(1) as [bigint];
  const minusOne = group.order - 1n;
  const sums = [
    {
      points: [key.handleBase, publicShare, first],
      scalars: [response, group.reduce(-challenge), minusOne],
    },
    {
      points: [...ciphertexts.map(({ handle }) => handle), ...elements, second],
      scalars: [
        ...weights.map((weight) => group.reduce(weight * response)),
        ...weights.map((weight) => group.reduce(-weight * challenge)),
        minusOne,
      ],
    },
  ];
  return { index, elements, claim: { digest: transcript.digest(), sums } };
}

/** @throws {ThresholdError} `threshold/proof`, `threshold/index`, and the codes of decoding. */
export function verifyPartial<P>(
  request: DecryptionRequest<P>,
  publicShares: PublicShares<P>,
  partial: PartialDecryption,
): void {
  checkClaims(request.group, [readPartial(request, publicShares, partial).claim]);
}

export interface PartialVerdicts {
  readonly good: readonly PartialDecryption[];
  /** Who sent something wrong, and what was wrong with it. */
  readonly bad: readonly { readonly index: number; readonly code: ThresholdErrorCode }[];
}

/**
 * All partials as one sum, and the cheaters found by halving if that fails. Of several under one
 * index the first counts, and the others are bad.
 */
export function verifyPartials<P>(
  request: DecryptionRequest<P>,
  publicShares: PublicShares<P>,
  partials: readonly PartialDecryption[],
): PartialVerdicts {
  const bad: { index: number; code: ThresholdErrorCode }[] = [];
  const seen = new Set<number>();
  const read: { partial: PartialDecryption; claim: Claim<P> }[] = [];
  for (const partial of partials) {
    const { index } = partial;
    if (seen.has(index)) {
      bad.push({ index, code: "threshold/duplicate_index" });
      continue;
    }
    seen.add(index);
    try {
      read.push({ partial, claim: readPartial(request, publicShares, partial).claim });
    } catch (error) {
      if (!(error instanceof ThresholdError)) throw error;
      bad.push({ index, code: error.code });
    }
  }
  const claims = read.map(({ claim }) => claim);
  const wrong = new Set(findFalseClaims(request.group, claims));
  for (const position of wrong) {
    bad.push({ index: read[position]?.partial.index ?? 0, code: "threshold/proof" });
  }
  return { good: read.flatMap(({ partial }, i) => (wrong.has(i) ? [] : [partial])), bad };
}

/**
 * m·G for each ciphertext, of the first `threshold` partials; each was verified by the caller.
 *
 * @throws {ThresholdError} `threshold/too_few`, `threshold/index`, `threshold/duplicate_index`,
 * and the codes of decoding.
 */
export function combinePartials<P>(
  request: DecryptionRequest<P>,
  partials: readonly PartialDecryption[],
  threshold: number,
): P[] {
  const { group, ciphertexts } = request;
  if (!Number.isInteger(threshold) || threshold < 1 || partials.length < threshold) {
    throw new ThresholdError({
      code: "threshold/too_few",
      have: partials.length,
      need: threshold,
    });
  }
  const used = partials.slice(0, threshold);
  const weights = lagrangeWeights(
    group,
    used.map(({ index }) => index),
  );
  const elements = used.map(({ bytes }) => readElements(request, bytes));
  return ciphertexts.map(({ commitment }, j) => {
    const column = elements.map((list) => list[j] as P);
    return group.subtract(commitment, group.sumOfProducts(column, weights));
  });
}

function readElements<P>(request: DecryptionRequest<P>, bytes: Uint8Array): P[] {
  const { group, ciphertexts } = request;
  const width = group.elementBytes;
  if (bytes.length !== partialBytes(request)) {
    const lengthBytes = bytes.length;
    throw new ThresholdError({ code: "threshold/length", what: "partial decryption", lengthBytes });
  }
  return ciphertexts.map((_, j) => group.decode(bytes.subarray(j * width, (j + 1) * width)));
}

/**
 * Anybody's check of a published result: partials of `threshold` distinct holders, all right, and
 * values that they decrypt to.
 *
 * @throws {ThresholdError} `threshold/proof` if a value is another, `threshold/bad_share` naming
 * wrong partials, `threshold/too_few`, `threshold/duplicate_index`.
 */
export function verifyDecryption<P>(
  request: DecryptionRequest<P>,
  publicShares: PublicShares<P>,
  result: {
    readonly partials: readonly PartialDecryption[];
    readonly threshold: number;
    readonly values: readonly bigint[];
  },
): void {
  const { group, ciphertexts } = request;
  const { partials, threshold, values } = result;
  const { bad } = verifyPartials(request, publicShares, partials);
  if (bad.length > 0) {
    const indices = bad.map(({ index }) => index);
    throw new ThresholdError({ code: "threshold/bad_share", indices });
  }
  const elements = combinePartials(request, partials, threshold);
  const fits = elements.every((element, j) =>
    group.equal(element, group.multiplyBase(group.reduce(values[j] ?? -1n))),
  );
  if (!fits || values.length !== ciphertexts.length) {
    throw new ThresholdError({ code: "threshold/proof" });
  }
}

function openTranscript<P>(
  request: DecryptionRequest<P>,
  index: number,
  publicShare: P,
): Transcript<P> {
  const { group, key, ciphertexts, id } = request;
  if (ciphertexts.length === 0 || ciphertexts.length > CIPHERTEXTS_MAX) {
    throw new ThresholdError({ code: "threshold/statement" });
  }
  const binding = concatBytes(encodeString(id), encodeKey(group, key), u32LittleEndian(index));
  const transcript = new Transcript(group, protocolTag(PROTOCOL, group.name, binding));
  const elements = ciphertexts.flatMap(({ commitment, handle }) => [commitment, handle]);
  transcript.absorbNumbersAndElements([], [publicShare, ...elements]);
  return transcript;
}
