/** Two rounds of RFC 9591: commitments to nonces, then shares of one signature. */
import { randomBytes } from "@noble/hashes/utils.js";
import { concatBytes, equalBytes } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { RandomBytes, Scalar } from "../groups/group.ts";
import { lagrangeWeights, type Share } from "../vss.ts";
import type { FrostSuite } from "./suites.ts";
import { adjustKey, type KeyTweak } from "./tweak.ts";

/** Known to everybody: the key, and each share's public half by index from 1 on. */
export interface FrostKey {
  readonly publicKey: Uint8Array;
  readonly threshold: number;
  readonly publicShares: readonly Uint8Array[];
}

/** For one signature, ever. Secret. */
export interface Nonces {
  readonly hiding: Scalar;
  readonly binding: Scalar;
}

export interface NonceCommitments {
  readonly index: number;
  readonly hiding: Uint8Array;
  readonly binding: Uint8Array;
}

export interface SignatureShare {
  readonly index: number;
  readonly share: Uint8Array;
}

/** What all signers of one signature must agree on. */
export interface SigningRequest {
  readonly key: FrostKey;
  readonly message: Uint8Array;
  /** Of exactly those who sign. */
  readonly commitments: readonly NonceCommitments[];
  /** Only for suites with X-only keys. */
  readonly tweaks?: readonly KeyTweak[];
}

/**
 * Nonces of fresh random bytes hashed with the share: neither a weak random source nor a repeated
 * one alone repeats them.
 */
export function drawNonces<P>(
  suite: FrostSuite<P>,
  share: Share,
  random: RandomBytes = randomBytes,
): { nonces: Nonces; commitments: NonceCommitments } {
  const { group } = suite;
  const draw = () =>
    suite.hashToScalar("nonce", concatBytes(random(32), group.encodeScalar(share.value)));
  const nonces = { hiding: draw(), binding: draw() };
  return { nonces, commitments: commitNonces(suite, share.index, nonces) };
}

export function commitNonces<P>(
  suite: FrostSuite<P>,
  index: number,
  nonces: Nonces,
): NonceCommitments {
  const encode = (scalar: Scalar) => {
    const point = suite.group.multiplyBase(scalar);
    const bytes = suite.group.encode(point);
    remember(suite, String.fromCharCode(...bytes), point);
    return bytes;
  };
  return { index, hiding: encode(nonces.hiding), binding: encode(nonces.binding) };
}

const decoded = new WeakMap<object, Map<string, unknown>>();
/** Most elements that are remembered as decoded, per suite. */
const DECODED_MAX = 8192;

/**
 * Decoding with memory: the check of the subgroup, by far the dearest part of signing with
 * Ed25519, is made once for each element, when its commitment first comes.
 */
export function decodeElement<P>(suite: FrostSuite<P>, bytes: Uint8Array): P {
  const name = String.fromCharCode(...bytes);
  const found = decoded.get(suite.group)?.get(name);
  if (found !== undefined) return found as P;
  const point = suite.group.decode(bytes);
  remember(suite, name, point);
  return point;
}

function remember<P>({ group }: FrostSuite<P>, name: string, point: P): void {
  const known = decoded.get(group) ?? new Map<string, unknown>();
  decoded.set(group, known);
  if (known.size >= DECODED_MAX) known.delete(known.keys().next().value as string);
  known.set(name, point);
}

/** @throws {ThresholdError} as decoding: to be called when commitments come, before they are used. */
export function checkCommitments<P>(suite: FrostSuite<P>, commitments: NonceCommitments): void {
  decodeElement(suite, commitments.hiding);
  decodeElement(suite, commitments.binding);
}

interface Signer<P> extends NonceCommitments {
  readonly points: { readonly hiding: P; readonly binding: P };
  readonly factor: Scalar;
  readonly weight: Scalar;
}

interface Session<P> {
  readonly signers: readonly Signer<P>[];
  readonly commitment: P;
  /** Whether the commitment's odd Y turns every nonce around. */
  readonly isTurned: boolean;
  readonly challenge: Scalar;
  readonly key: { readonly factor: Scalar; readonly offset: Scalar; readonly point: P };
}

/**
 * Everything that follows from the request alone.
 *
 * @throws {ThresholdError} `threshold/too_few`, `threshold/index`, `threshold/duplicate_index`,
 * and the codes of decoding.
 */
function openSession<P>(suite: FrostSuite<P>, request: SigningRequest): Session<P> {
  const { group } = suite;
  const { key, message } = request;
  const commitments = request.commitments.toSorted((left, right) => left.index - right.index);
  if (commitments.length < key.threshold) {
    const [have, need] = [commitments.length, key.threshold];
    throw new ThresholdError({ code: "threshold/too_few", have, need });
  }
  const indices = commitments.map(({ index }) => index);
  const stranger = indices.find((index) => key.publicShares[index - 1] === undefined);
  if (stranger !== undefined) {
    throw new ThresholdError({ code: "threshold/index", index: stranger });
  }
  const weights = lagrangeWeights(group, indices);
  const adjusted = adjustKey(suite, decodeElement(suite, key.publicKey), request.tweaks ?? []);
  const id = (index: number) => group.encodeScalar(BigInt(index));
  const list = commitments.flatMap(({ index, hiding, binding }) => [id(index), hiding, binding]);
  const prefix = concatBytes(
    group.encode(adjusted.point),
    suite.hash("msg", message),
    suite.hash("com", concatBytes(...list)),
  );
  const signers = commitments.map((item, i) => ({
    ...item,
    points: {
      hiding: decodeElement(suite, item.hiding),
      binding: decodeElement(suite, item.binding),
    },
    factor: suite.hashToScalar("rho", concatBytes(prefix, id(item.index))),
    weight: weights[i] as Scalar,
  }));
  const hiding = signers.reduce((sum, { points }) => group.add(sum, points.hiding), group.identity);
  const binding = group.sumOfProducts(
    signers.map(({ points }) => points.binding),
    signers.map(({ factor }) => factor),
  );
  const commitment = group.add(hiding, binding);
  const challenge = suite.challenge(commitment, adjusted.point, message);
  const isTurned = suite.isEven !== undefined && !suite.isEven(commitment);
  return { signers, commitment, isTurned, challenge, key: adjusted };
}

/**
 * A share of the signature. The nonces must be those of the commitments that the request has for
 * this share, and are used up: see {@link NonceVault}.
 *
 * @throws {ThresholdError} as for the request; `threshold/index` if the share is not asked for or
 * with other commitments.
 */
export function signShare<P>(
  suite: FrostSuite<P>,
  request: SigningRequest,
  share: Share,
  nonces: Nonces,
): SignatureShare {
  const { group } = suite;
  const session = openSession(suite, request);
  const signer = session.signers.find(({ index }) => index === share.index);
  const own = commitNonces(suite, share.index, nonces);
  const isOwn =
    signer !== undefined &&
    equalBytes(signer.hiding, own.hiding) &&
    equalBytes(signer.binding, own.binding);
  if (!isOwn) throw new ThresholdError({ code: "threshold/index", index: share.index });
  const { hiding, binding } = nonces;
  const nonce = group.reduce(hiding + binding * signer.factor);
  const secret = group.reduce(session.key.factor * share.value);
  const response = (session.isTurned ? -nonce : nonce) + session.challenge * signer.weight * secret;
  return { index: share.index, share: group.encodeScalar(group.reduce(response)) };
}

/**
 * The signature. It is verified; if it is wrong, so is a share, and each is looked at.
 *
 * @returns RFC 9591's encoding; for X-only keys BIP-340's 64 bytes.
 * @throws {ThresholdError} `threshold/bad_share` with every cheater's index;
 * `threshold/too_few`, `threshold/index`, `threshold/duplicate_index`, the codes of decoding.
 */
export function aggregateShares<P>(
  suite: FrostSuite<P>,
  request: SigningRequest,
  shares: readonly SignatureShare[],
): Uint8Array {
  const { group } = suite;
  const session = openSession(suite, request);
  const byIndex = new Map(shares.map((item) => [item.index, item]));
  if (byIndex.size !== shares.length || byIndex.size !== session.signers.length) {
    const [have, need] = [byIndex.size, session.signers.length];
    throw new ThresholdError({ code: "threshold/too_few", have, need });
  }
  const values = session.signers.map(({ index }) => {
    const item = byIndex.get(index);
    if (item === undefined) throw new ThresholdError({ code: "threshold/index", index });
    return decodeShare(suite, item);
  });
  const { challenge, key } = session;
  const response = group.reduce(
    values.reduce<bigint>((sum, value) => sum + (value ?? 0n), challenge * key.offset),
  );
  const commitment = session.isTurned ? group.negate(session.commitment) : session.commitment;
  const right = group.add(commitment, group.multiplyPublic(key.point, challenge));
  if (values.includes(undefined) || !group.equal(group.multiplyBase(response), right)) {
    const indices = session.signers.flatMap((signer, i) =>
      isShareRight(suite, request.key, session, signer, values[i]) ? [] : [signer.index],
    );
    throw new ThresholdError({ code: "threshold/bad_share", indices });
  }
  const encoded = group.encode(commitment);
  return concatBytes(
    suite.isEven === undefined ? encoded : encoded.slice(1),
    group.encodeScalar(response),
  );
}

function decodeShare<P>({ group }: FrostSuite<P>, { share }: SignatureShare): Scalar | undefined {
  try {
    return group.decodeScalar(share);
  } catch (error) {
    if (error instanceof ThresholdError) return undefined;
    throw error;
  }
}

/** @throws {ThresholdError} `threshold/bad_share`; as for the request. */
export function verifySignatureShare<P>(
  suite: FrostSuite<P>,
  request: SigningRequest,
  item: SignatureShare,
): void {
  const session = openSession(suite, request);
  const signer = session.signers.find(({ index }) => index === item.index);
  if (signer === undefined)
    throw new ThresholdError({ code: "threshold/index", index: item.index });
  if (!isShareRight(suite, request.key, session, signer, decodeShare(suite, item))) {
    throw new ThresholdError({ code: "threshold/bad_share", indices: [item.index] });
  }
}

function isShareRight<P>(
  suite: FrostSuite<P>,
  key: FrostKey,
  session: Session<P>,
  signer: Signer<P>,
  value: Scalar | undefined,
): boolean {
  if (value === undefined) return false;
  const { group } = suite;
  const nonce = group.add(
    signer.points.hiding,
    group.multiplyPublic(signer.points.binding, signer.factor),
  );
  const publicShare = decodeElement(suite, key.publicShares[signer.index - 1] as Uint8Array);
  const weight = group.reduce(session.challenge * signer.weight * session.key.factor);
  const right = group.add(
    session.isTurned ? group.negate(nonce) : nonce,
    group.multiplyPublic(publicShare, weight),
  );
  return group.equal(group.multiplyBase(value), right);
}

/** @throws {ThresholdError} `threshold/signature`, the codes of decoding. */
export function verifySignature<P>(
  suite: FrostSuite<P>,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): void {
  const { group } = suite;
  const isShort = suite.isEven !== undefined;
  const split = group.elementBytes - (isShort ? 1 : 0);
  const lift = (bytes: Uint8Array) =>
    group.decode(isShort && bytes.length === split ? concatBytes(Uint8Array.of(2), bytes) : bytes);
  const commitment = lift(signature.slice(0, split));
  const response = group.decodeScalar(signature.slice(split));
  const key = adjustKey(suite, lift(publicKey), []).point;
  const challenge = suite.challenge(commitment, key, message);
  const right = group.add(commitment, group.multiplyPublic(key, challenge));
  if (!group.equal(group.multiplyBase(response), right)) {
    throw new ThresholdError({ code: "threshold/signature" });
  }
}
