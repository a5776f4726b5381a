/** Attacks on compact proofs that a prover would have to make by hand. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { idToBytes } from "./ids.ts";
import {
  READ_ABSENT_AFTER,
  READ_ABSENT_BEFORE,
  READ_ABSENT_BETWEEN,
  READ_ABSENT_EMPTY,
  READ_PRESENT,
  ReadProofWriter,
} from "./read-proof-format.ts";
import { ReadVerifier, verifyRead } from "./read-verifier.ts";

const sha = (...parts: readonly (Uint8Array | string)[]) => {
  const hash = createHash("sha256");
  for (const part of parts)
    hash.update(typeof part === "string" ? Buffer.from(part, "latin1") : part);
  return hash.digest("binary");
};

/** A tree of keys 10, 20, 30, 40 with values of one byte: ((10 20) (30 40)), all of version 1. */
const keys = [10, 20, 30, 40].map((byte) => String.fromCharCode(byte));
const valueHashes = keys.map((key) => sha(key));
const leaves = keys.map((key, i) => sha("\0\x02\x02\x01", key, "\x20", valueHashes[i]!));
const low = { height: 1, size: 2, version: 1 };
const top = { height: 2, size: 4, version: 1 };
const inner = ({ height, size, version }: typeof low, left: string, right: string) =>
  sha(Uint8Array.of(height * 2, size * 2, version * 2, 32), left, "\x20", right);
const left = inner(low, leaves[0]!, leaves[1]!);
const right = inner(low, leaves[2]!, leaves[3]!);
const rootId = inner(top, left, right);
const root = idToBytes(rootId);
const byte = (value: number) => Uint8Array.of(value);

/** From leaf `index` up, as the honest prover writes it. */
function steps(writer: ReadProofWriter, index: number, count = 2): void {
  writer.count(count);
  const sibling = leaves[index ^ 1]!;
  if (count > 0) writer.step(index % 2 === 1, low, sibling);
  if (count > 1) writer.step(index > 1, top, index > 1 ? left : right);
}

function leaf(writer: ReadProofWriter, index: number): void {
  writer.leaf(keys[index]!, 1, valueHashes[index]!);
}

const absent = (key: number, write: (writer: ReadProofWriter) => void, kind: number) => {
  const writer = new ReadProofWriter(kind);
  write(writer);
  const claim = { key: byte(key), value: undefined, proof: writer.finish() };
  const warm = new ReadVerifier(root);
  for (let index = 0; index < 4; index++) {
    const presence = new ReadProofWriter(READ_PRESENT);
    presence.version(1);
    steps(presence, index);
    const known = warm.verify(idToBytes(keys[index]!), idToBytes(keys[index]!), presence.finish());
    expect(known).toBe(true);
  }
  const cold = verifyRead({ root, ...claim });
  expect(warm.verify(claim.key, claim.value, claim.proof)).toBe(cold);
  return cold;
};

describe("a proof of absence", () => {
  it("holds between the two leaves of one node and of two", () => {
    const inOne = (writer: ReadProofWriter) => {
      leaf(writer, 0);
      leaf(writer, 1);
      writer.count(0);
      writer.count(0);
      writer.prefix(low);
      writer.count(1);
      writer.step(false, top, right);
    };
    expect(absent(15, inOne, READ_ABSENT_BETWEEN)).toBe(true);
    const inTwo = (writer: ReadProofWriter) => {
      leaf(writer, 1);
      leaf(writer, 2);
      writer.count(1);
      writer.step(true, low, leaves[0]!);
      writer.count(1);
      writer.step(false, low, leaves[3]!);
      writer.prefix(top);
      writer.count(0);
    };
    expect(absent(25, inTwo, READ_ABSENT_BETWEEN)).toBe(true);
    expect(absent(20, inTwo, READ_ABSENT_BETWEEN)).toBe(false);
    expect(absent(35, inTwo, READ_ABSENT_BETWEEN)).toBe(false);
  });

  it("does not hide a key between leaves that are not next to each other", () => {
    const skip = (writer: ReadProofWriter) => {
      // 10 and 40, as if 20 and 30 were not between them.
      leaf(writer, 0);
      leaf(writer, 3);
      writer.count(1);
      writer.step(false, low, leaves[1]!);
      writer.count(1);
      writer.step(true, low, leaves[2]!);
      writer.prefix(top);
      writer.count(0);
    };
    for (const key of [15, 20, 25, 30]) expect(absent(key, skip, READ_ABSENT_BETWEEN)).toBe(false);
    const skipRight = (writer: ReadProofWriter) => {
      leaf(writer, 1);
      leaf(writer, 3);
      writer.count(1);
      writer.step(true, low, leaves[0]!);
      writer.count(1);
      writer.step(true, low, leaves[2]!);
      writer.prefix(top);
      writer.count(0);
    };
    expect(absent(30, skipRight, READ_ABSENT_BETWEEN)).toBe(false);
  });

  it("at an end of the tree starts from the very first or last leaf", () => {
    const end =
      (index: number, count = 2) =>
      (writer: ReadProofWriter) => {
        leaf(writer, index);
        steps(writer, index, count);
      };
    expect(absent(5, end(0), READ_ABSENT_BEFORE)).toBe(true);
    expect(absent(45, end(3), READ_ABSENT_AFTER)).toBe(true);
    expect(absent(45, end(0), READ_ABSENT_BEFORE)).toBe(false);
    // The right side's own ends are not the tree's, even where its nodes are remembered.
    expect(absent(25, end(2), READ_ABSENT_BEFORE)).toBe(false);
    expect(absent(25, end(1), READ_ABSENT_AFTER)).toBe(false);
    for (const count of [0, 1]) {
      expect(absent(25, end(2, count), READ_ABSENT_BEFORE)).toBe(false);
      expect(absent(25, end(1, count), READ_ABSENT_AFTER)).toBe(false);
      expect(absent(5, end(0, count), READ_ABSENT_BEFORE)).toBe(false);
    }
    // A path that ends inside the tree, with its sibling passed off as being on the other side.
    const turned = (writer: ReadProofWriter) => {
      leaf(writer, 2);
      writer.count(2);
      writer.step(false, low, leaves[3]!);
      writer.step(false, top, left);
    };
    expect(absent(25, turned, READ_ABSENT_BEFORE)).toBe(false);
  });

  it("by an empty tree holds for the empty root alone", () => {
    const nothing = () => undefined;
    expect(absent(25, nothing, READ_ABSENT_EMPTY)).toBe(false);
    const empty = idToBytes(sha(""));
    const proof = new ReadProofWriter(READ_ABSENT_EMPTY).finish();
    expect(verifyRead({ root: empty, key: byte(1), value: undefined, proof })).toBe(true);
    expect(verifyRead({ root: empty, key: byte(1), value: byte(1), proof })).toBe(false);
  });
});

describe("a proof of presence", () => {
  it("does not take an inner node for a leaf, nor a leaf for an inner node", () => {
    // The bytes of an inner node, read as those of a leaf: its first byte would have to be 0.
    const bytes = Buffer.concat([Uint8Array.of(2, 4, 2, 32), Buffer.from(leaves[0]!, "latin1")]);
    const writer = new ReadProofWriter(READ_PRESENT);
    writer.version(1);
    writer.count(1);
    writer.step(false, top, right);
    const claim = { root, key: new Uint8Array(bytes), value: byte(1), proof: writer.finish() };
    expect(verifyRead(claim)).toBe(false);
    // A leaf's bytes as a step: a prefix of height 0 is refused before anything is hashed.
    const forged = new ReadProofWriter(READ_PRESENT);
    forged.version(1);
    forged.count(1);
    forged.step(false, { height: 0, size: 1, version: 1 }, valueHashes[0]!);
    const proof = forged.finish();
    expect(verifyRead({ root: idToBytes(leaves[0]!), key: byte(1), value: byte(1), proof })).toBe(
      false,
    );
  });

  it("that did not reach the root teaches the verifier nothing", () => {
    const verifier = new ReadVerifier(root);
    const fake = new ReadProofWriter(READ_PRESENT);
    fake.version(1);
    fake.count(2);
    fake.step(false, low, leaves[1]!);
    fake.step(false, top, right);
    const claim = [Uint8Array.of(0x63), Uint8Array.from(Buffer.from("x")), fake.finish()] as const;
    expect(verifier.verify(...claim)).toBe(false);
    expect(verifier.verify(...claim)).toBe(false);
  });

  it("stops at a remembered node without believing what follows", () => {
    const verifier = new ReadVerifier(root);
    const honest = new ReadProofWriter(READ_PRESENT);
    honest.version(1);
    steps(honest, 0);
    expect(verifier.verify(byte(10), byte(10), honest.finish())).toBe(true);
    const lazy = new ReadProofWriter(READ_PRESENT);
    lazy.version(1);
    lazy.count(2);
    lazy.step(true, low, leaves[0]!);
    lazy.step(false, top, leaves[3]!);
    expect(verifier.verify(byte(20), byte(20), lazy.finish())).toBe(true);
    // The nonsense above the remembered node was not learnt.
    const follow = new ReadProofWriter(READ_PRESENT);
    follow.version(1);
    follow.count(0);
    expect(verifier.verify(byte(40), byte(40), follow.finish())).toBe(false);
  });
});
