import { shake256 } from "@noble/hashes/sha3.js";
import { concatBytes, utf8 } from "../bytes.ts";
import { assertLength } from "../errors.ts";
import type { RandomBytes } from "../groups/group.ts";
import { encodeString } from "../sigma/transcript.ts";

/**
 * A stream of bytes that its inputs alone determine, so that a restarted party says the same
 * again, and says nothing alike in another run.
 *
 * @param seed 32 secret bytes. @param context whatever else the stream must depend on.
 * @throws {ThresholdError} `threshold/length`.
 */
export function createSeededRandom(
  seed: Uint8Array,
  label: string,
  context: Uint8Array,
): RandomBytes {
  assertLength(seed, 32, "seed");
  const input = concatBytes(seed, encodeString(utf8(label)), encodeString(context));
  const stream = shake256.create({ dkLen: 32 }).update(input);
  return (lengthBytes) => stream.xof(lengthBytes);
}
