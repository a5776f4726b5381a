/**
 * The optional last round: everybody signs that it keeps the recovery data. Before that nobody
 * should use the key for what matters: whoever lost the data could not be convinced of it.
 */
import { schnorr } from "@noble/curves/secp256k1.js";
import { concatBytes, equalBytes, utf8 } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import { BIP_TAG } from "./bip340.ts";
import { recoverChillDkg } from "./recover.ts";
import {
  assertParams,
  blame,
  findWrongSignature,
  hostPublicKey,
  type SessionParams,
  signedMessage,
} from "./session.ts";

const PREFIX = utf8(`${BIP_TAG}recovery acknowledgment`);

/**
 * Recovery data of this very session. Its certificate is verified too, which the reference leaves
 * to whoever finalizes: there is nothing to acknowledge without one.
 *
 * @throws {ThresholdError} `threshold/chilldkg`: recovery_data, and those of the parameters.
 */
function assertRecoveryData(recoveryData: Uint8Array, params: SessionParams): void {
  assertParams(params);
  const { hostPublicKeys, threshold } = recoverChillDkg(undefined, recoveryData).params;
  const isSame =
    threshold === params.threshold &&
    equalBytes(concatBytes(...hostPublicKeys), concatBytes(...params.hostPublicKeys));
  if (!isSame) throw blame("recovery_data");
}

/**
 * To be called once the recovery data is stored where a crash cannot take it.
 *
 * @param auxiliary 32 bytes for BIP-340. @returns 64 bytes.
 * @throws {ThresholdError} `threshold/length`; `threshold/chilldkg`: host_secret_key,
 * recovery_data, and those of the parameters.
 */
export function participantAcknowledge(
  secretKey: Uint8Array,
  recoveryData: Uint8Array,
  params: SessionParams,
  auxiliary: Uint8Array,
): Uint8Array {
  const own = hostPublicKey(secretKey);
  assertLength(auxiliary, 32, "randomness");
  assertRecoveryData(recoveryData, params);
  const index = params.hostPublicKeys.findIndex((key) => equalBytes(key, own));
  if (index < 0) throw blame("host_secret_key");
  return schnorr.sign(signedMessage(PREFIX, index, recoveryData), secretKey, auxiliary);
}

/**
 * Whether all have said that they keep the data. If not, the key is good all the same.
 *
 * @param signatures everybody's, in the order of the host keys.
 * @throws {ThresholdError} `threshold/too_few`, `threshold/length`; `threshold/chilldkg`:
 * acknowledgement, with the first participant whose signature is wrong; recovery_data.
 */
export function verifyAcknowledgements(
  recoveryData: Uint8Array,
  params: SessionParams,
  signatures: readonly Uint8Array[],
): void {
  assertRecoveryData(recoveryData, params);
  const [have, need] = [signatures.length, params.hostPublicKeys.length];
  if (have !== need) throw new ThresholdError({ code: "threshold/too_few", have, need });
  for (const signature of signatures) assertLength(signature, 64, "signature");
  const message = (index: number) => signedMessage(PREFIX, index, recoveryData);
  const wrong = findWrongSignature(params.hostPublicKeys, message, concatBytes(...signatures));
  if (wrong !== undefined) throw blame("acknowledgement", [wrong]);
}
