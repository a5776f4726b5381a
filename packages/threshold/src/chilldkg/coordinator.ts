/** The coordinator's steps. It learns no secret, and cannot make honest participants accept. */
import { concatBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { secp256k1Group as group, type Secp256k1Point } from "../groups/noble-group.ts";
import { decodeWithIdentity, encodeWithIdentity } from "../groups/with-identity.ts";
import { encodeTranscript } from "./participant.ts";
import {
  assertParams,
  blame,
  type ChillDkgOutput,
  createOutput,
  decodeScalar,
  findWrongInCertificate,
  publicShareAt,
  type SessionParams,
  split,
  sumPoints,
  sumScalars,
  tweakCommitments,
} from "./session.ts";

export interface CoordinatorState {
  readonly params: SessionParams;
  readonly transcript: Uint8Array;
  readonly output: ChillDkgOutput;
}

interface ParticipantMessage {
  readonly commitments: readonly Secp256k1Point[];
  readonly proof: Uint8Array;
  readonly nonce: Uint8Array;
  readonly shares: readonly Scalar[];
}

/** @throws `threshold/length`, `threshold/chilldkg`: participant. */
function decodeMessages(
  params: SessionParams,
  messages: readonly Uint8Array[],
): ParticipantMessage[] {
  const { hostPublicKeys, threshold } = params;
  const count = hostPublicKeys.length;
  if (messages.length !== count) {
    throw new ThresholdError({ code: "threshold/too_few", have: messages.length, need: count });
  }
  return messages.map((bytes, i) => {
    assertLength(bytes, 33 * threshold + 97 + 32 * count, "participant's message");
    const at = 33 * threshold;
    const commitments = split(bytes.slice(0, at), 33).map((item) =>
      decodeWithIdentity(group, item),
    );
    const shares = split(bytes.slice(at + 97), 32).map(decodeScalar);
    if (commitments.includes(undefined) || shares.includes(undefined)) {
      throw blame("participant", [i]);
    }
    return {
      commitments: commitments as Secp256k1Point[],
      proof: bytes.slice(at, at + 64),
      nonce: bytes.slice(at + 64, at + 97),
      shares: shares as Scalar[],
    };
  });
}

/** @param messages the participants' first, in their order. @throws `threshold/…`. */
export function coordinatorStep1(
  messages: readonly Uint8Array[],
  params: SessionParams,
): { state: CoordinatorState; message: Uint8Array } {
  assertParams(params);
  const { hostPublicKeys, threshold } = params;
  const parsed = decodeMessages(params, messages);
  const secrets = parsed.map(({ commitments }) => commitments[0] as Secp256k1Point);
  const rest = Array.from({ length: threshold - 1 }, (_, k) =>
    sumPoints(parsed.map(({ commitments }) => commitments[k + 1] as Secp256k1Point)),
  );
  const nonces = parsed.map(({ nonce }) => nonce);
  const shares = hostPublicKeys.map((_, i) =>
    sumScalars(parsed.map((item) => item.shares[i] as Scalar)),
  );
  const commitments = [sumPoints(secrets), ...rest];
  const transcript = encodeTranscript(params, { threshold, commitments, nonces, shares });
  const output = createOutput(tweakCommitments(commitments).tweaked, hostPublicKeys.length);
  const message = concatBytes(
    ...[...secrets, ...rest].map((item) => encodeWithIdentity(group, item)),
    ...parsed.map(({ proof }) => proof),
    ...nonces,
    ...shares.map((share) => group.encodeScalar(share)),
  );
  return { state: { params, transcript, output }, message };
}

/** @param signatures the participants' second messages. @returns the certificate for all of them. */
export function coordinatorFinalize(
  { params, transcript, output }: CoordinatorState,
  signatures: readonly Uint8Array[],
): { message: Uint8Array; output: ChillDkgOutput; recoveryData: Uint8Array } {
  const { hostPublicKeys } = params;
  if (signatures.length !== hostPublicKeys.length) {
    const [have, need] = [signatures.length, hostPublicKeys.length];
    throw new ThresholdError({ code: "threshold/too_few", have, need });
  }
  for (const signature of signatures) assertLength(signature, 64, "signature");
  const message = concatBytes(...signatures);
  const wrong = findWrongInCertificate(hostPublicKeys, transcript, message);
  if (wrong !== undefined) throw blame("participant", [wrong]);
  return { message, output, recoveryData: concatBytes(transcript, message) };
}

/** What lets each participant see who made its sum wrong; nothing of it is secret. */
export function coordinatorInvestigate(
  messages: readonly Uint8Array[],
  params: SessionParams,
): Uint8Array[] {
  const parsed = decodeMessages(params, messages);
  return params.hostPublicKeys.map((_, i) =>
    concatBytes(
      ...parsed.map(({ shares }) => group.encodeScalar(shares[i] as Scalar)),
      ...parsed.map(({ commitments }) => encodeWithIdentity(group, publicShareAt(commitments, i))),
    ),
  );
}
