/**
 * TDH2 (Shoup and Gennaro 2002): messages of any bytes under a shared key, secure against chosen
 * ciphertexts, so that holders may decrypt what strangers send.
 */
import { shake256 } from "@noble/hashes/sha3.js";
import { concatBytes, utf8 } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Group, RandomBytes } from "../groups/group.ts";
import { type DleqPair, proveDleq, verifyDleq } from "../proofs/dleq.ts";
import { encodeString } from "../sigma/transcript.ts";
import { lagrangeWeights, type Share } from "../vss.ts";
import { assertHidesSecrets } from "./backend.ts";
import type { PartialDecryption, PublicShares } from "./partial.ts";

/** Most bytes of a message. */
export const MESSAGE_BYTES_MAX = 2 ** 20;

const SECOND_BASE_DST = "tacit/tdh2/second-base/v1";
const [CIPHERTEXT_USE, PARTIAL_USE, MASK_USE] = [
  "tacit/tdh2/ciphertext/v1",
  "tacit/tdh2/partial/v1",
  "tacit/tdh2/mask/v1",
].map((use) => encodeString(utf8(use))) as [Uint8Array, Uint8Array, Uint8Array];

interface Parts<P> {
  /** r·G and r·Ḡ. */
  readonly first: P;
  readonly second: P;
  readonly proof: Uint8Array;
  readonly masked: Uint8Array;
}

/**
 * @param publicKey secret · G. @param label who may have it decrypted and under which policy; not
 * secret, not part of the result, and decryption needs the same.
 * @returns r·G ‖ r·Ḡ ‖ challenge ‖ response ‖ masked message: 128 bytes more on ristretto255.
 * @throws {ThresholdError} `threshold/length` for a message that is too long.
 */
export function encryptTdh2<P>(
  group: Group<P>,
  publicKey: P,
  message: Uint8Array,
  label: Uint8Array,
  random?: RandomBytes,
): Uint8Array {
  assertMessageBytes(message.length);
  const secret = group.randomScalar(random);
  const first = group.multiplyBase(secret);
  const second = group.multiplySecret(secondBase(group), secret);
  const mask = maskOf(group, first, group.multiplySecret(publicKey, secret), message.length);
  const masked = message.map((byte, i) => byte ^ (mask[i] as number));
  const binding = bindingOf(label, masked);
  const proof = proveDleq(group, binding, pairsOf(group, first, second), secret, random);
  return concatBytes(group.encode(first), group.encode(second), proof, masked);
}

/**
 * Whether the ciphertext was made by somebody who knew what was in it, for this label. Every
 * holder checks it before it decrypts.
 *
 * @throws {ThresholdError} `threshold/proof`, and the codes of decoding.
 */
export function verifyTdh2<P>(group: Group<P>, ciphertext: Uint8Array, label: Uint8Array): void {
  readCiphertext(group, ciphertext, label);
}

/**
 * @returns share · r·G ‖ challenge ‖ response: 96 bytes on ristretto255.
 * @throws {ThresholdError} `threshold/backend`, and as {@link verifyTdh2}.
 */
export function partialDecryptTdh2<P>(
  group: Group<P>,
  ciphertext: Uint8Array,
  label: Uint8Array,
  share: Share,
  options: { readonly acceptTiming?: boolean; readonly random?: RandomBytes } = {},
): PartialDecryption {
  if (options.acceptTiming !== true) assertHidesSecrets(group);
  const { first } = readCiphertext(group, ciphertext, label);
  const image = group.multiplySecret(first, share.value);
  const pairs = [
    { base: group.generator, image: group.multiplyBase(share.value) },
    { base: first, image },
  ];
  const binding = partialBinding(ciphertext, label, share.index);
  const proof = proveDleq(group, binding, pairs, share.value, options.random);
  return { index: share.index, bytes: concatBytes(group.encode(image), proof) };
}

/** @throws {ThresholdError} `threshold/proof`, `threshold/index`, and as {@link verifyTdh2}. */
export function verifyPartialTdh2<P>(
  group: Group<P>,
  ciphertext: Uint8Array,
  label: Uint8Array,
  publicShares: PublicShares<P>,
  partial: PartialDecryption,
): void {
  const { first } = readCiphertext(group, ciphertext, label);
  const { index, bytes } = partial;
  const publicShare = publicShares(index);
  if (publicShare === undefined) throw new ThresholdError({ code: "threshold/index", index });
  const image = readImage(group, bytes);
  const pairs = [
    { base: group.generator, image: publicShare },
    { base: first, image },
  ];
  const proof = bytes.subarray(group.elementBytes);
  verifyDleq(group, partialBinding(ciphertext, label, index), pairs, proof);
}

/**
 * The message, of the first `threshold` partials; each was verified by the caller.
 *
 * @throws {ThresholdError} `threshold/too_few`, `threshold/index`, `threshold/duplicate_index`,
 * and as {@link verifyTdh2}.
 */
export function combineTdh2<P>(
  group: Group<P>,
  ciphertext: Uint8Array,
  label: Uint8Array,
  partials: readonly PartialDecryption[],
  threshold: number,
): Uint8Array {
  if (!Number.isInteger(threshold) || threshold < 1 || partials.length < threshold) {
    throw new ThresholdError({ code: "threshold/too_few", have: partials.length, need: threshold });
  }
  const { first, masked } = readCiphertext(group, ciphertext, label);
  const used = partials.slice(0, threshold);
  const weights = lagrangeWeights(
    group,
    used.map(({ index }) => index),
  );
  const images = used.map(({ bytes }) => readImage(group, bytes));
  const mask = maskOf(group, first, group.sumOfProducts(images, weights), masked.length);
  return masked.map((byte, i) => byte ^ (mask[i] as number));
}

/** Reads and verifies. */
function readCiphertext<P>(group: Group<P>, bytes: Uint8Array, label: Uint8Array): Parts<P> {
  const { elementBytes, scalarBytes } = group;
  const head = 2 * elementBytes + 2 * scalarBytes;
  assertMessageBytes(bytes.length - head);
  const first = group.decode(bytes.subarray(0, elementBytes));
  const second = group.decode(bytes.subarray(elementBytes, 2 * elementBytes));
  const proof = bytes.subarray(2 * elementBytes, head);
  const masked = bytes.slice(head);
  verifyDleq(group, bindingOf(label, masked), pairsOf(group, first, second), proof);
  return { first, second, proof, masked };
}

function readImage<P>(group: Group<P>, bytes: Uint8Array): P {
  const lengthBytes = bytes.length;
  if (lengthBytes !== group.elementBytes + 2 * group.scalarBytes) {
    throw new ThresholdError({ code: "threshold/length", what: "partial decryption", lengthBytes });
  }
  return group.decode(bytes.subarray(0, group.elementBytes));
}

function assertMessageBytes(lengthBytes: number): void {
  if (lengthBytes < 0 || lengthBytes > MESSAGE_BYTES_MAX) {
    throw new ThresholdError({ code: "threshold/length", what: "message", lengthBytes });
  }
}

/** Ḡ: with it a ciphertext shows that its maker knew r. */
function secondBase<P>(group: Group<P>): P {
  return group.hashToGroup(new Uint8Array(0), SECOND_BASE_DST);
}

function pairsOf<P>(group: Group<P>, first: P, second: P): DleqPair<P>[] {
  return [
    { base: group.generator, image: first },
    { base: secondBase(group), image: second },
  ];
}

function bindingOf(label: Uint8Array, masked: Uint8Array): Uint8Array {
  return concatBytes(CIPHERTEXT_USE, encodeString(label), encodeString(masked));
}

function partialBinding(ciphertext: Uint8Array, label: Uint8Array, index: number): Uint8Array {
  const holder = encodeString(utf8(String(index)));
  return concatBytes(PARTIAL_USE, encodeString(label), encodeString(ciphertext), holder);
}

function maskOf<P>(group: Group<P>, first: P, key: P, lengthBytes: number): Uint8Array {
  const input = concatBytes(MASK_USE, group.encode(first), group.encode(key));
  return shake256(input, { dkLen: lengthBytes });
}
