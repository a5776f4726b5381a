/** Twisted ElGamal beside Solana's library, which has another fixed element H. */
import {
  ElGamalCiphertext,
  ElGamalKeypair,
  PedersenCommitment,
  PedersenOpening,
} from "@solana/zk-sdk/node";
import { expect, it } from "vitest";
import {
  addCiphertexts,
  decodeCiphertext,
  decryptToElement,
  encodeCiphertext,
  encrypt,
} from "../src/elgamal/ciphertext.ts";
import { DiscreteLogTable } from "../src/elgamal/discrete-log.ts";
import { loadRistretto255 } from "../src/groups/load.ts";

const group = await loadRistretto255("wasm");
const table = DiscreteLogTable.build(group, 8);
const theirs = new ElGamalKeypair();
const secret = group.decodeScalar(theirs.secret().toBytes());
const handleBase = group.decode(theirs.pubkey().toBytes());
const key = { commitmentBase: group.multiplySecret(handleBase, secret), handleBase };

it("decrypts what @solana/zk-sdk encrypts, and the sum with what is encrypted here", () => {
  const foreign = decodeCiphertext(group, theirs.pubkey().encryptU64(1234n).toBytes());
  expect(table.solve(decryptToElement(group, secret, foreign), 5000n)).toBe(1234n);
  const own = encrypt(group, key, 766n).ciphertext;
  const sum = ElGamalCiphertext.fromBytes(
    encodeCiphertext(group, addCiphertexts(group, foreign, own)),
  );
  expect(sum && theirs.secret().decrypt(sum)).toBe(2000n);
});

it("is decrypted by @solana/zk-sdk, whose commitments have the same form", () => {
  const own = ElGamalCiphertext.fromBytes(
    encodeCiphertext(group, encrypt(group, key, 4321n).ciphertext),
  );
  expect(own && theirs.secret().decrypt(own)).toBe(4321n);
  const opening = new PedersenOpening();
  const [zero, five] = [0n, 5n].map((amount) =>
    group.decode(PedersenCommitment.from(amount, opening).toBytes()),
  ) as [typeof handleBase, typeof handleBase];
  expect(group.equal(group.subtract(five, zero), group.multiplyBase(5n))).toBe(true);
});
