/** The prime-order subgroups of Edwards curves, in RFC 8032's encodings. */
import { ed448, ed448_hasher } from "@noble/curves/ed448.js";
import { ed25519, ed25519_hasher } from "@noble/curves/ed25519.js";
import type { Group } from "./group.ts";
import { createNobleGroup } from "./noble-group.ts";

export type Ed25519Point = typeof ed25519.Point.BASE;
export type Ed448Point = typeof ed448.Point.BASE;

export const ed25519Group: Group<Ed25519Point> = createNobleGroup({
  name: "Ed25519",
  curve: ed25519.Point,
  elementBytes: 32,
  littleEndian: true,
  isMember: (point) => point.isTorsionFree(),
  hash: (message, DST) => ed25519_hasher.hashToCurve(message, { DST }),
});

/** Scalars have 57 bytes too. */
export const ed448Group: Group<Ed448Point> = createNobleGroup({
  name: "Ed448",
  curve: ed448.Point,
  elementBytes: 57,
  scalarBytes: 57,
  littleEndian: true,
  isMember: (point) => point.isTorsionFree(),
  hash: (message, DST) => ed448_hasher.hashToCurve(message, { DST }),
});
