/**
 * Vectors for twisted ElGamal in other languages, all randomness from one seed.
 * `node packages/threshold/test/elgamal-vectors.ts` writes them to vectors/threshold-elgamal.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { shake256 } from "@noble/hashes/sha3.js";
import { utf8 } from "../src/bytes.ts";
import {
  addCiphertexts,
  addPublic,
  encodeCiphertext,
  encryptWith,
  rerandomize,
  scaleCiphertext,
  subtractCiphertexts,
} from "../src/elgamal/ciphertext.ts";
import { createKeyPair, encodeKey, fixedCommitmentBase, sharedKey } from "../src/elgamal/keys.ts";
import { ristretto255Group as group } from "../src/groups/noble-group.ts";
import { encryptInput, type InputPolicy } from "../src/proofs/encrypted-input.ts";

export const VECTORS_PATH = join(
  import.meta.dirname,
  "../../../vectors/threshold-elgamal/vectors.json",
);

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export function makeElgamalVectors(): object {
  const stream = shake256.create({ dkLen: 32 }).update(utf8("tacit/vectors/threshold-elgamal/v1"));
  const random = (length: number): Uint8Array => stream.xof(length);
  const single = createKeyPair(group, random).publicKey;
  const shared = sharedKey(group, group.multiplyBase(group.randomScalar(random)));
  const ciphertexts = [single, shared].flatMap((key) =>
    [0n, 1n, 65_535n, (1n << 64n) - 1n].map((message) => {
      const randomness = group.randomScalar(random);
      const { ciphertext } = encryptWith(group, key, message, randomness);
      return { key, message, randomness, ciphertext };
    }),
  );
  const encode = (item: (typeof ciphertexts)[0]["ciphertext"]): string =>
    hex(encodeCiphertext(group, item));
  const [left, right] = [ciphertexts[1], ciphertexts[2]].map((item) => item?.ciphertext) as [
    (typeof ciphertexts)[0]["ciphertext"],
    (typeof ciphertexts)[0]["ciphertext"],
  ];
  const fresh = rerandomize(group, single, left, random);
  return {
    fixedCommitmentBase: hex(group.encode(fixedCommitmentBase(group))),
    keys: [single, shared].map((key) => hex(encodeKey(group, key))),
    badKeys: badKeys(),
    ciphertexts: ciphertexts.map(({ key, message, randomness, ciphertext }) => ({
      key: hex(encodeKey(group, key)),
      message: hex(group.encodeScalar(message)),
      randomness: hex(group.encodeScalar(randomness)),
      ciphertext: encode(ciphertext),
    })),
    badCiphertexts: badCiphertexts(encode(left)),
    operations: {
      left: encode(left),
      right: encode(right),
      sum: encode(addCiphertexts(group, left, right)),
      difference: encode(subtractCiphertexts(group, left, right)),
      factor: hex(group.encodeScalar(1_000_003n)),
      scaled: encode(scaleCiphertext(group, left, 1_000_003n)),
      amount: hex(group.encodeScalar(77n)),
      added: encode(addPublic(group, left, 77n)),
      randomness: hex(group.encodeScalar(fresh.randomness)),
      rerandomized: encode(fresh.ciphertext),
    },
    choices: [
      ...[[1n], [0n]].map((values) => choiceOf(single, values, random)),
      ...[
        [0n, 1n, 0n],
        [1n, 1n, 0n, 1n],
        [0n, 0n],
      ].map((values) => choiceOf(shared, values, random)),
    ],
  };
}

function choiceOf(
  key: ReturnType<typeof sharedKey<typeof group.generator>>,
  values: bigint[],
  random: (length: number) => Uint8Array,
) {
  const chosen = values.filter((value) => value === 1n).length;
  const policy: InputPolicy = { kind: "choice", options: values.length, min: chosen, max: chosen };
  const context = {
    contract: "secret1contract",
    sender: "secret1voter",
    session: utf8("election 7"),
  };
  return {
    key: hex(encodeKey(group, key)),
    contract: context.contract,
    sender: context.sender,
    session: hex(context.session),
    options: values.length,
    chosen,
    input: hex(encryptInput(group, key, context, policy, values, random)),
  };
}

function badKeys(): { why: string; key: string }[] {
  const [G, five] = [1n, 5n].map((scalar) => hex(group.encode(group.multiplyBase(scalar)))) as [
    string,
    string,
  ];
  const zeros = "00".repeat(32);
  return [
    { why: "Key", key: five + five },
    { why: "Key", key: G + G },
    { why: "Identity", key: zeros + G },
    { why: "Identity", key: five + zeros },
    { why: "Element", key: "ff".repeat(32) + G },
    { why: "Length", key: five + G.slice(2) },
  ];
}

function badCiphertexts(good: string): { why: string; ciphertext: string }[] {
  const [first, second] = [good.slice(0, 64), good.slice(64)];
  return [
    { why: "Length", ciphertext: "" },
    { why: "Length", ciphertext: good.slice(2) },
    { why: "Length", ciphertext: `${good}00` },
    { why: "Identity", ciphertext: `${first}${"00".repeat(32)}` },
    { why: "Identity", ciphertext: `${"00".repeat(32)}${second}` },
    { why: "Element", ciphertext: `${first}${"ff".repeat(32)}` },
    { why: "Element", ciphertext: `01${"00".repeat(31)}${second}` },
    { why: "Element", ciphertext: `ed${"ff".repeat(30)}7f${second}` },
  ];
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(VECTORS_PATH, `${JSON.stringify(makeElgamalVectors(), null, 2)}\n`);
}
