import { fromHex } from "@tacit/encoding";
import { expect, it } from "vitest";
import { parsePublicKey } from "./public-key.ts";

const value = fromHex("0a21035ad6810a47f073553ff30d2fcc7e0d3b1c0b74b61a1aaa2582344037151e143a");
const secp256k1 = { typeUrl: "/cosmos.crypto.secp256k1.PubKey", value };
const secp256r1 = { typeUrl: "/cosmos.crypto.secp256r1.PubKey", value };

it("tells keys of two types with the same value apart, whichever came first", () => {
  for (const { typeUrl } of [secp256k1, secp256r1, secp256k1, secp256r1]) {
    const key = parsePublicKey({ typeUrl, value });
    expect([`/cosmos.crypto.${key.kind}.PubKey`, key.any]).toEqual([typeUrl, { typeUrl, value }]);
  }
  expect(parsePublicKey(secp256k1).address).toHaveLength(20);
  expect(parsePublicKey(secp256r1).address).toHaveLength(32);
});

it("gives the parsed key again for the same content", () => {
  const key = parsePublicKey(secp256k1);
  parsePublicKey({ ...secp256k1, value: value.with(-1, 0) });
  expect(parsePublicKey({ ...secp256k1, value: value.slice() })).toBe(key);
});
