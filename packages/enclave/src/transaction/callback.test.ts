import { Secret } from "@tacit/crypto";
import { toHex } from "@tacit/encoding";
import { describe, expect, it } from "vitest";
import { utf8 } from "../bytes.ts";
import { createKeyRing } from "../keys/key-ring.ts";
import { Overlay } from "../state/overlay.ts";
import { type CallbackClaim, createCallbackSigner } from "./callback.ts";

const ring = createKeyRing([
  new Secret(new Uint8Array(32).fill(0x11), "genesis seed"),
  new Secret(new Uint8Array(32).fill(0x22), "current seed"),
]);
const claim: CallbackClaim = {
  kind: "execute",
  sender: new Uint8Array(20).fill(1),
  target: new Uint8Array(20).fill(2),
  message: utf8('{"x":1}'),
  isPlain: false,
  funds: [{ denom: "uscrt", amount: "5" }],
  admin: new Uint8Array(0),
};
const place = { height: 7n, counter: 1n, index: 0 };

describe("a callback signature in Secret's form", () => {
  const signer = createCallbackSigner(ring, new Overlay(), false);

  it("is the appendix's", () => {
    expect(toHex(signer.sign(claim, place))).toBe(
      "bc0d26f43d242416c193dd984099dd1cee7b6a1117b11de4ab2afecfe60ffe6b",
    );
  });

  it("binds message and funds", () => {
    const signature = signer.sign(claim, place);
    expect(signer.accept(claim, signature)).toBe(true);
    expect(signer.accept({ ...claim, message: utf8('{"x":2}') }, signature)).toBe(false);
    expect(signer.accept({ ...claim, funds: [] }, signature)).toBe(false);
    expect(signer.accept(claim, signature.subarray(1))).toBe(false);
  });
});

describe("a hardened callback signature", () => {
  const changes: readonly Partial<CallbackClaim>[] = [
    { kind: "migrate" },
    { sender: new Uint8Array(20).fill(9) },
    { target: new Uint8Array(20).fill(9) },
    { message: utf8('{"x":2}') },
    { funds: [] },
    { admin: new Uint8Array(20) },
  ];

  it.each(changes)("is for nothing else: %o", (change) => {
    const signer = createCallbackSigner(ring, new Overlay(), true);
    const signature = signer.sign(claim, place);
    expect(signer.accept({ ...claim, ...change }, signature)).toBe(false);
    expect(signer.accept(claim, signature)).toBe(true);
  });

  it("can be used once for each time it was made", () => {
    const signer = createCallbackSigner(ring, new Overlay(), true);
    const first = signer.sign(claim, place);
    const second = signer.sign(claim, { ...place, index: 1 });
    expect(toHex(first)).not.toBe(toHex(second));
    expect(signer.accept(claim, first)).toBe(true);
    expect(signer.accept(claim, first)).toBe(false);
    expect(signer.accept(claim, second)).toBe(true);
  });

  it("is gone with the branch on which it was made", () => {
    const overlay = new Overlay();
    const signer = createCallbackSigner(ring, overlay, true);
    overlay.branch();
    const signature = signer.sign(claim, place);
    overlay.revert();
    expect(signer.accept(claim, signature)).toBe(false);
  });

  it("is there again when the branch that used it is dropped", () => {
    const overlay = new Overlay();
    const signer = createCallbackSigner(ring, overlay, true);
    const signature = signer.sign(claim, place);
    overlay.branch();
    expect(signer.accept(claim, signature)).toBe(true);
    overlay.revert();
    expect(signer.accept(claim, signature)).toBe(true);
  });
});
