/**
 * TDH2 a second time, from its description in docs/threshold/decryption.md alone: Node's SHAKE,
 * noble's points, the secret in one piece, nothing of this package.
 */
import { createHash } from "node:crypto";
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";

type Point = typeof ristretto255.Point.BASE;
const { BASE, Fn } = ristretto255.Point;

const shake = (name: "shake128" | "shake256", input: Buffer, outputLength: number): Buffer =>
  createHash(name, { outputLength }).update(input).digest();
const u32 = (value: number): Buffer => {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
};
const text = (value: string): Buffer => Buffer.from(value, "utf8");
const string = (bytes: Uint8Array): Buffer => Buffer.concat([u32(bytes.length), bytes]);
const scalarBytes = (value: bigint): Buffer =>
  Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse();
const toInteger = (bytes: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);

const secondBase: Point = ristretto255_hasher.hashToCurve(new Uint8Array(0), {
  DST: "tacit/tdh2/second-base/v1",
});

function challengeOf(use: Buffer, points: readonly Point[], commitments: readonly Point[]): bigint {
  const tag = Buffer.concat([
    string(text("tacit/dleq/v1")),
    string(text("ristretto255")),
    string(use),
  ]);
  const pad = Buffer.alloc(168 - 32);
  const session = shake(
    "shake128",
    Buffer.concat([text("irtf-cfrg-fiat-shamir/session-id"), pad, tag]),
    32,
  );
  const equation = (image: number, base: number): Buffer =>
    Buffer.concat([
      u32(1),
      u32(image),
      scalarBytes(1n),
      u32(1),
      u32(0),
      u32(base),
      scalarBytes(1n),
    ]);
  const statement = Buffer.concat([
    u32(2),
    equation(1, 0),
    equation(3, 2),
    ...points.map((point) => point.toBytes()),
  ]);
  const sent = commitments.map((point) => point.toBytes());
  return Fn.create(
    toInteger(shake("shake128", Buffer.concat([session, pad, statement, ...sent]), 48)),
  );
}

const useOf = (label: Uint8Array, masked: Uint8Array): Buffer =>
  Buffer.concat([string(text("tacit/tdh2/ciphertext/v1")), string(label), string(masked)]);

function mask(first: Point, key: Point, bytes: Uint8Array): Buffer {
  const input = Buffer.concat([string(text("tacit/tdh2/mask/v1")), first.toBytes(), key.toBytes()]);
  const stream = bytes.length === 0 ? Buffer.alloc(0) : shake("shake256", input, bytes.length);
  return Buffer.from(bytes.map((byte, i) => byte ^ (stream[i] as number)));
}

export function modelEncrypt(
  publicKey: Point,
  message: Uint8Array,
  label: Uint8Array,
  r: bigint,
  nonce: bigint,
): Buffer {
  const [first, second] = [BASE.multiply(r), secondBase.multiply(r)];
  const masked = mask(first, publicKey.multiply(r), message);
  const challenge = challengeOf(
    useOf(label, masked),
    [first, secondBase, second],
    [BASE.multiply(nonce), secondBase.multiply(nonce)],
  );
  const response = Fn.create(nonce + challenge * r);
  return Buffer.concat([
    first.toBytes(),
    second.toBytes(),
    scalarBytes(challenge),
    scalarBytes(response),
    masked,
  ]);
}

/** The message, or undefined if the ciphertext is not one for this label. */
export function modelDecrypt(
  secret: bigint,
  ciphertext: Uint8Array,
  label: Uint8Array,
): Buffer | undefined {
  try {
    const [first, second] = [0, 32].map((at) =>
      ristretto255.Point.fromBytes(ciphertext.slice(at, at + 32)),
    ) as [Point, Point];
    const [challenge, response] = [64, 96].map((at) =>
      toInteger(ciphertext.slice(at, at + 32)),
    ) as [bigint, bigint];
    if (challenge >= Fn.ORDER || response >= Fn.ORDER || first.is0() || second.is0())
      return undefined;
    const masked = ciphertext.slice(128);
    const undo = (base: Point, image: Point): Point =>
      base.multiplyUnsafe(response).add(image.multiplyUnsafe(Fn.create(-challenge)));
    const commitments = [undo(BASE, first), undo(secondBase, second)];
    const expected = challengeOf(useOf(label, masked), [first, secondBase, second], commitments);
    return expected === challenge ? mask(first, first.multiply(secret), masked) : undefined;
  } catch {
    return undefined;
  }
}
