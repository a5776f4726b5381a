/** A finished session from its recovery data, by the host key alone. */
import { equalBytes } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { secp256k1Group as group, type Secp256k1Point } from "../groups/noble-group.ts";
import { decodeWithIdentity } from "../groups/with-identity.ts";
import { ByteReader } from "../protocol/codec.ts";
import { decapsulate } from "./participant.ts";
import {
  assertParams,
  blame,
  type ChillDkgOutput,
  createOutput,
  decodeScalar,
  findWrongInCertificate,
  hostPublicKey,
  type SessionParams,
  sumScalars,
  tweakCommitments,
} from "./session.ts";

/** Bytes per participant: host key, nonce, encrypted share, signature. */
const PARTICIPANT_BYTES = 33 + 33 + 32 + 64;

/**
 * @param secretKey the participant's host key; undefined for the coordinator.
 * @throws {ThresholdError} `threshold/chilldkg`: recovery_data, host_secret_key; `threshold/length`.
 */
export function recoverChillDkg(
  secretKey: Uint8Array | undefined,
  recoveryData: Uint8Array,
): { output: ChillDkgOutput; params: SessionParams } {
  const { params, commitments, nonces, shares, certificate } = asRecovery(() =>
    decodeRecoveryData(recoveryData),
  );
  const { hostPublicKeys } = params;
  asRecovery(() => assertParams(params));
  const transcript = recoveryData.slice(0, recoveryData.length - certificate.length);
  if (findWrongInCertificate(hostPublicKeys, transcript, certificate) !== undefined) {
    throw blame("recovery_data");
  }
  const { tweak, tweaked } = tweakCommitments(commitments);
  const count = hostPublicKeys.length;
  if (secretKey === undefined) return { output: createOutput(tweaked, count), params };
  const own = hostPublicKey(secretKey);
  const index = hostPublicKeys.findIndex((key) => equalBytes(key, own));
  if (index < 0) throw blame("host_secret_key");
  const pads = decapsulate(secretKey, params, index, nonces);
  const share = group.reduce((shares[index] as Scalar) - sumScalars(pads) + tweak);
  return { output: createOutput(tweaked, count, share), params };
}

/** Every failure inside is one of the data. */
function asRecovery<T>(run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof ThresholdError) throw blame("recovery_data");
    throw cause;
  }
}

function decodeRecoveryData(bytes: Uint8Array) {
  const reader = new ByteReader(bytes);
  const threshold = reader.unsigned(4);
  if (33 * threshold > bytes.length) throw blame("recovery_data");
  const sure = <T>(value: T | undefined): T => {
    if (value === undefined) throw blame("recovery_data");
    return value;
  };
  const take = (count: number, width: number) =>
    Array.from({ length: count }, () => reader.fixed(width));
  const commitments: Secp256k1Point[] = take(threshold, 33).map((item) =>
    sure(decodeWithIdentity(group, item)),
  );
  if (commitments.length === 0 || reader.remainingBytes % PARTICIPANT_BYTES !== 0) {
    throw blame("recovery_data");
  }
  const count = reader.remainingBytes / PARTICIPANT_BYTES;
  const hostPublicKeys = take(count, 33);
  const nonces = take(count, 33);
  const shares = take(count, 32).map((item) => sure(decodeScalar(item)));
  const certificate = reader.fixed(64 * count);
  reader.end();
  return { params: { hostPublicKeys, threshold }, commitments, nonces, shares, certificate };
}
