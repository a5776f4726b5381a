/** A participant's steps. Each takes the state that the step before gave, once. */
import { schnorr } from "@noble/curves/secp256k1.js";
import { bytesToInteger, concatBytes, equalBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { secp256k1Group as group, type Secp256k1Point } from "../groups/noble-group.ts";
import {
  decodeOrUndefined,
  decodeWithIdentity,
  encodeWithIdentity,
} from "../groups/with-identity.ts";
import { isPossession, signPossession, taggedHash } from "./bip340.ts";
import {
  assertParams,
  blame,
  type ChillDkgOutput,
  certificateMessage,
  createOutput,
  decodeScalar,
  encryptionContext,
  exchangePad,
  findWrongInCertificate,
  hostPublicKey,
  publicShareAt,
  type SessionParams,
  selfPad,
  split,
  sumPoints,
  sumScalars,
  tweakCommitments,
  u32,
} from "./session.ts";

export interface ParticipantState1 {
  readonly params: SessionParams;
  /** From 0. */
  readonly index: number;
  readonly nonce: Uint8Array;
  readonly commitment: Uint8Array;
}

export interface ParticipantState2 {
  readonly params: SessionParams;
  readonly transcript: Uint8Array;
  readonly output: ChillDkgOutput;
}

/** What {@link participantInvestigate} needs; a wrong sum of shares comes with it. Secret. */
export interface Investigation {
  readonly params: SessionParams;
  readonly index: number;
  readonly encryptedShare: Scalar;
  readonly pads: readonly Scalar[];
  readonly publicShare: Secp256k1Point;
}

/** `threshold/chilldkg` of the reason `unknown`: who cheated shows with the coordinator's help. */
export class InvestigableError extends ThresholdError {
  readonly investigation: Investigation;

  constructor(investigation: Investigation) {
    super({ code: "threshold/chilldkg", reason: "unknown", participants: [] });
    this.investigation = investigation;
  }
}

/**
 * @param random 32 fresh bytes; the same ones give the same message after a crash.
 * @returns the message: commitments, proof of possession, nonce, encrypted shares.
 * @throws {ThresholdError} `threshold/length`, `threshold/chilldkg`.
 */
export function participantStep1(
  secretKey: Uint8Array,
  params: SessionParams,
  random: Uint8Array,
): { state: ParticipantState1; message: Uint8Array } {
  const own = hostPublicKey(secretKey);
  assertParams(params);
  const index = params.hostPublicKeys.findIndex((key) => equalBytes(key, own));
  if (index < 0) throw blame("host_secret_key");
  assertLength(random, 32, "randomness");
  if (random.every((byte) => byte === 0)) throw blame("randomness");
  const context = encryptionContext(params);
  const seed = taggedHash("encpedpop seed", secretKey, random, context);
  const nonceSecret = group.decodeScalar(taggedHash("encpedpop secnonce", seed));
  const nonce = group.encode(group.multiplyBase(nonceSecret));
  const coefficients = Array.from({ length: params.threshold }, (_, i) =>
    group.decodeScalar(taggedHash("vss coeffs", seed, u32(i))),
  );
  const commitments = coefficients.map((scalar) => group.encode(group.multiplyBase(scalar)));
  const secret = coefficients[0] as Scalar;
  const proof = signPossession(u32(index), secret, taggedHash("simplpedpop aux", seed));
  const shares = params.hostPublicKeys.map((key, i) => {
    const names = { nonce, key, context: concatBytes(u32(i), context) };
    const pad =
      i === index
        ? selfPad(secretKey, nonce, names.context)
        : exchangePad(nonceSecret, group.decode(key), names);
    const x = BigInt(i + 1);
    const value = coefficients.reduceRight((sum, c) => group.reduce(sum * x + c), 0n);
    return group.encodeScalar(group.reduce(value + pad));
  });
  const commitment = commitments[0] as Uint8Array;
  const message = concatBytes(...commitments, proof, nonce, ...shares);
  return { state: { params, index, nonce, commitment }, message };
}

interface CoordinatorMessage {
  readonly secrets: readonly Secp256k1Point[];
  readonly rest: readonly Secp256k1Point[];
  readonly proofs: readonly Uint8Array[];
  readonly nonces: readonly Uint8Array[];
  readonly shares: readonly Scalar[];
}

/** @throws `threshold/length`, `threshold/chilldkg`: coordinator. */
function decodeMessage(
  { hostPublicKeys, threshold }: SessionParams,
  bytes: Uint8Array,
): CoordinatorMessage {
  const count = hostPublicKeys.length;
  assertLength(bytes, 162 * count + 33 * (threshold - 1), "coordinator's message");
  let offset = 0;
  const take = (items: number, width: number): Uint8Array[] => {
    offset += items * width;
    return split(bytes.slice(offset - items * width, offset), width);
  };
  const sure = <T>(value: T | undefined): T => {
    if (value === undefined) throw blame("coordinator");
    return value;
  };
  const secrets = take(count, 33).map((item) => sure(decodeWithIdentity(group, item)));
  const rest = take(threshold - 1, 33).map((item) => sure(decodeWithIdentity(group, item)));
  const proofs = take(count, 64);
  const nonces = take(count, 33);
  const shares = take(count, 32).map((item) => sure(decodeScalar(item)));
  return { secrets, rest, proofs, nonces, shares };
}

/** @throws `threshold/chilldkg`: participant_or_coordinator, for a nonce that is no element. */
export function decapsulate(
  secretKey: Uint8Array,
  params: SessionParams,
  index: number,
  nonces: readonly Uint8Array[],
): Scalar[] {
  const context = concatBytes(u32(index), encryptionContext(params));
  const key = params.hostPublicKeys[index] as Uint8Array;
  return nonces.map((nonce, i) => {
    if (i === index) return selfPad(secretKey, nonce, context);
    const point = decodeOrUndefined(group, nonce);
    if (point === undefined) throw blame("participant_or_coordinator", [i]);
    return exchangePad(bytesToInteger(secretKey, false), point, { nonce, key, context });
  });
}

/**
 * @param auxiliary 32 bytes for BIP-340. @returns the message: a signature of the transcript.
 * @throws {ThresholdError} `threshold/length`, `threshold/chilldkg`; {@link InvestigableError}.
 */
export function participantStep2(
  secretKey: Uint8Array,
  state: ParticipantState1,
  message: Uint8Array,
  auxiliary: Uint8Array,
): { state: ParticipantState2; message: Uint8Array } {
  const own = hostPublicKey(secretKey);
  assertLength(auxiliary, 32, "randomness");
  const { params, index } = state;
  const { hostPublicKeys, threshold } = params;
  if (!equalBytes(own, hostPublicKeys[index] as Uint8Array)) throw blame("host_secret_key");
  const { secrets, rest, proofs, nonces, shares } = decodeMessage(params, message);
  if (!equalBytes(nonces[index] as Uint8Array, state.nonce)) throw blame("coordinator");
  const pads = decapsulate(secretKey, params, index, nonces);
  const encryptedShare = shares[index] as Scalar;
  const secretShare = group.reduce(encryptedShare - sumScalars(pads));
  checkPossession(state, secrets, proofs);
  const commitments = [sumPoints(secrets), ...rest];
  const { tweak, tweaked } = tweakCommitments(commitments);
  const tweakedShare = group.reduce(secretShare + tweak);
  if (!group.equal(group.multiplyBase(tweakedShare), publicShareAt(tweaked, index))) {
    const publicShare = publicShareAt(commitments, index);
    throw new InvestigableError({ params, index, encryptedShare, pads, publicShare });
  }
  const output = createOutput(tweaked, hostPublicKeys.length, tweakedShare);
  const transcript = encodeTranscript(params, { threshold, commitments, nonces, shares });
  const signed = certificateMessage(transcript, index);
  return {
    state: { params, transcript, output },
    message: schnorr.sign(signed, secretKey, auxiliary),
  };
}

function checkPossession(
  state: ParticipantState1,
  secrets: readonly Secp256k1Point[],
  proofs: readonly Uint8Array[],
): void {
  const { index } = state;
  const mine = secrets[index] as Secp256k1Point;
  if (group.isIdentity(mine) || !equalBytes(group.encode(mine), state.commitment)) {
    throw blame("coordinator");
  }
  secrets.forEach((secret, i) => {
    if (i === index) return;
    const isGood =
      !group.isIdentity(secret) &&
      isPossession(u32(i), group.encode(secret).slice(1), proofs[i] as Uint8Array);
    if (!isGood) throw blame("participant_or_coordinator", [i]);
  });
}

/** What the certificate is over, and the recovery data begins with. */
export function encodeTranscript(
  { hostPublicKeys }: SessionParams,
  parts: {
    readonly threshold: number;
    readonly commitments: readonly Secp256k1Point[];
    readonly nonces: readonly Uint8Array[];
    readonly shares: readonly Scalar[];
  },
): Uint8Array {
  return concatBytes(
    u32(parts.threshold),
    ...parts.commitments.map((item) => encodeWithIdentity(group, item)),
    ...hostPublicKeys,
    ...parts.nonces,
    ...parts.shares.map((share) => group.encodeScalar(share)),
  );
}

/**
 * @param certificate 64 bytes per participant.
 * @returns the key, and the data that recovers it with the host key alone: back it up.
 * @throws {ThresholdError} `threshold/length`, `threshold/chilldkg`: coordinator. The session may
 * have succeeded for others all the same: never erase the host key.
 */
export function participantFinalize(
  { params, transcript, output }: ParticipantState2,
  certificate: Uint8Array,
): { output: ChillDkgOutput; recoveryData: Uint8Array } {
  const { hostPublicKeys } = params;
  assertLength(certificate, 64 * hostPublicKeys.length, "certificate");
  if (findWrongInCertificate(hostPublicKeys, transcript, certificate) !== undefined) {
    throw blame("coordinator");
  }
  return { output, recoveryData: concatBytes(transcript, certificate) };
}

/**
 * Says who made the sum of shares wrong, of what the coordinator shows of each participant.
 *
 * @throws {ThresholdError} always: `threshold/chilldkg` with participant_or_coordinator or
 * coordinator; `threshold/length`.
 */
export function participantInvestigate(
  { investigation }: InvestigableError,
  message: Uint8Array,
): never {
  const { params, index, encryptedShare, pads, publicShare } = investigation;
  const count = params.hostPublicKeys.length;
  assertLength(message, 65 * count, "investigation");
  const encrypted = split(message.slice(0, 32 * count), 32).map(decodeScalar);
  const points = split(message.slice(32 * count), 33).map((item) =>
    decodeWithIdentity(group, item),
  );
  if (encrypted.includes(undefined) || points.includes(undefined)) throw blame("coordinator");
  const partials = (encrypted as Scalar[]).map((value, i) =>
    group.reduce(value - (pads[i] as Scalar)),
  );
  const shown = points as Secp256k1Point[];
  if (!group.equal(sumPoints(shown), publicShare)) throw blame("coordinator");
  if (sumScalars(encrypted as Scalar[]) !== encryptedShare) throw blame("coordinator");
  const wrong = partials.findIndex(
    (value, i) => !group.equal(group.multiplyBase(value), shown[i] as Secp256k1Point),
  );
  if (wrong >= 0 && wrong !== index) throw blame("participant_or_coordinator", [wrong]);
  throw blame("coordinator");
}
