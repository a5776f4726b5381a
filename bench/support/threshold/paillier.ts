/** Paillier beside the npm package `paillier-bigint`. */
import {
  createPaillierKeyPair,
  PaillierEncryptor,
  paillierDecrypt,
  proveModulus,
  verifyModulus,
} from "@tacit/threshold/paillier";
import { PrivateKey, PublicKey } from "paillier-bigint";
import { report, type ThresholdOptions, threadMs, timesOf } from "./report.ts";

export function benchPaillier(options: ThresholdOptions): void {
  const [bits, runs] = options.tiny ? [2048, 1] : [3072, 5];
  const pair = createPaillierKeyPair(bits);
  const { publicKey, p, q } = pair;
  const theirs = new PublicKey(publicKey.modulus, publicKey.modulus + 1n);
  const lambda = (p.prime - 1n) * (q.prime - 1n);
  const mu = inverse(lambda, publicKey.modulus);
  const holder = new PrivateKey(lambda, mu, theirs, p.prime, q.prime);
  let encryptor = new PaillierEncryptor(publicKey);
  const prepared = threadMs(() => {
    encryptor = new PaillierEncryptor(publicKey);
  });
  const ciphertext = encryptor.encrypt(42n);
  report(
    options,
    `Paillier of ${bits} bits, encrypt`,
    [
      ["ours", timesOf(runs, () => encryptor.encrypt(42n))],
      ["prepared once", [prepared]],
      ["paillier-bigint", timesOf(runs, () => theirs.encrypt(42n))],
    ],
    50,
  );
  report(
    options,
    `Paillier of ${bits} bits, decrypt`,
    [
      ["ours", timesOf(runs, () => paillierDecrypt(pair, ciphertext))],
      ["paillier-bigint", timesOf(runs, () => holder.decrypt(ciphertext))],
    ],
    100,
  );
  if (options.tiny) return;
  const binding = new Uint8Array(0);
  const proof = proveModulus(pair, binding);
  report(options, `a proof of a sound modulus, ${proof.length} bytes`, [
    ["prove", timesOf(1, () => proveModulus(pair, binding))],
    ["verify", timesOf(1, () => verifyModulus(publicKey, binding, proof))],
  ]);
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [low, high, x, y] = [((value % modulus) + modulus) % modulus, modulus, 1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high, x, y] = [high - quotient * low, low, y - quotient * x, x];
  }
  return ((x % modulus) + modulus) % modulus;
}
