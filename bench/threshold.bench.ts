/**
 * Threshold cryptography beside noble alone, Solana's zk-sdk and paillier-bigint, in one run.
 *
 * Sketch for the backend in WebAssembly: a multiplication takes 0.07 ms in constant time, a sum of
 * products 10 to 20 µs for each of many points. A 0/1 proof makes 10 multiplications, so 0.7 ms and
 * as much for encoding and hashing; its verification is 10 points, of which 6 are decoded, so 0.3 ms.
 * A ballot of five options is five of those and a signature: 1.6 ms, in batches.
 */
import { benchKeys } from "./support/threshold/keys.ts";
import { benchPaillier } from "./support/threshold/paillier.ts";
import { benchProofs } from "./support/threshold/proofs.ts";
import { reportAims, type ThresholdOptions } from "./support/threshold/report.ts";
import { benchVoting } from "./support/threshold/voting.ts";

export const name = "threshold";

export async function run(given: Omit<ThresholdOptions, "aims">): Promise<void> {
  const options: ThresholdOptions = { ...given, aims: [] };
  await benchProofs(options);
  await benchKeys(options);
  benchPaillier(options);
  await benchVoting(options);
  reportAims(options);
}
