/** Long-term keys that sign the messages of a protocol whose faults shall convince anybody. */
import { ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "../groups/group.ts";
import { ByteReader, ByteWriter } from "./codec.ts";
import { type Signed, signatureBytes, signMessage, verifyMessage } from "./signed.ts";

/** Of all parties of one run. A body is the payload with a signature behind it. */
export interface Identities {
  /**
   * @param about what the payload answers or is for; it is signed, and not sent.
   * @throws {ThresholdError} `threshold/index` of nobody, `threshold/key` if it is not the sender's.
   */
  seal(sender: number, secret: Scalar, about: Uint8Array, payload: Uint8Array): Uint8Array;
  /** The payload. @throws {ThresholdError} `threshold/index`, `threshold/length`, `threshold/signature`. */
  open(sender: number, about: Uint8Array, body: Uint8Array): Uint8Array;
}

/**
 * @param keys of index 1, 2, …: the ones that key generation used will do.
 * @param context 32 bytes that no two runs share.
 * @throws {ThresholdError} the codes of decoding.
 */
export function createIdentities<P>(
  group: Group<P>,
  { keys, context }: { readonly keys: readonly Uint8Array[]; readonly context: Uint8Array },
): Identities {
  const points = keys.map((key) => group.decode(key));
  const keyOf = (index: number): P => {
    const point = points[index - 1];
    if (point === undefined) throw new ThresholdError({ code: "threshold/index", index });
    return point;
  };
  const message = (sender: number, about: Uint8Array, payload: Uint8Array): Signed => ({
    context,
    sender,
    payload: new ByteWriter().variable(about).variable(payload).bytes(),
  });
  return {
    seal(sender, secret, about, payload) {
      if (!group.equal(group.multiplyBase(secret), keyOf(sender))) {
        throw new ThresholdError({ code: "threshold/key" });
      }
      const signature = signMessage(group, message(sender, about, payload), [secret]);
      return new ByteWriter().fixed(payload).fixed(signature).bytes();
    },
    open(sender, about, body) {
      const key = keyOf(sender);
      const reader = new ByteReader(body);
      const payload = reader.fixed(Math.max(0, body.length - signatureBytes(group)));
      const signature = reader.fixed(signatureBytes(group));
      verifyMessage(group, message(sender, about, payload), [key], signature);
      return payload;
    },
  };
}
