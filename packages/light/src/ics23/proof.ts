/** ICS-23 commitment proofs (cosmos/ics23 v1, proofs.proto), those of one key. */
import { malformed, tooLarge } from "../errors.ts";
import { ProtoReader } from "../protobuf.ts";

/** Numbers of `HashOp` and `LengthOp` that the two specifications use. */
export const NO_HASH = 0;
export const SHA256 = 1;
export const VAR_PROTO = 1;

/** Longest key and value of a proof, and most levels. */
const FIELD_BYTES_MAX = 16 * 2 ** 20;
const PREFIX_BYTES_MAX = 128;
const LEVELS_MAX = 128;

export interface LeafOp {
  readonly hash: number;
  readonly prehashKey: number;
  readonly prehashValue: number;
  readonly length: number;
  readonly prefix: Uint8Array;
}

/** Hash of `prefix ‖ child ‖ suffix`; the sibling is in one of the two. */
export interface InnerOp {
  readonly hash: number;
  readonly prefix: Uint8Array;
  readonly suffix: Uint8Array;
}

export interface ExistenceProof {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly leaf: LeafOp;
  /** From the leaf up. */
  readonly path: readonly InnerOp[];
}

export interface NonExistenceProof {
  readonly key: Uint8Array;
  readonly left: ExistenceProof | undefined;
  readonly right: ExistenceProof | undefined;
}

export type CommitmentProof =
  | { readonly exist: ExistenceProof }
  | { readonly nonexist: NonExistenceProof };

const NO_BYTES: Uint8Array = new Uint8Array(0);

/**
 * Batch and compressed proofs are refused: nothing that we talk to makes them.
 * @throws {LightError} `light/malformed`, `light/too_large`.
 */
export function decodeCommitmentProof(bytes: Uint8Array): CommitmentProof {
  const reader = new ProtoReader(bytes, "commitment proof");
  const field = reader.next();
  if (field !== 1 && field !== 2) throw malformed("commitment proof, kind");
  const inner = reader.view();
  if (reader.next() !== 0) throw malformed("commitment proof, more than one");
  return field === 1 ? { exist: decodeExistence(inner) } : { nonexist: decodeNonExistence(inner) };
}

function decodeExistence(bytes: Uint8Array): ExistenceProof {
  const reader = new ProtoReader(bytes, "existence proof", 4);
  let key = NO_BYTES;
  let value = NO_BYTES;
  let leaf: LeafOp | undefined;
  const path: InnerOp[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) key = reader.bytes(FIELD_BYTES_MAX);
    else if (field === 2) value = reader.bytes(FIELD_BYTES_MAX);
    else if (field === 3) leaf = decodeLeafOp(reader.view());
    else if (field === 4) path.push(decodeInnerOp(reader.view()));
    else reader.unknown();
    if (path.length > LEVELS_MAX) throw tooLarge("existence proof");
  }
  if (leaf === undefined) throw malformed("existence proof, leaf");
  return { key, value, leaf, path };
}

function decodeNonExistence(bytes: Uint8Array): NonExistenceProof {
  const reader = new ProtoReader(bytes, "non-existence proof");
  let key = NO_BYTES;
  let left: ExistenceProof | undefined;
  let right: ExistenceProof | undefined;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) key = reader.bytes(FIELD_BYTES_MAX);
    else if (field === 2) left = decodeExistence(reader.view());
    else if (field === 3) right = decodeExistence(reader.view());
    else reader.unknown();
  }
  return { key, left, right };
}

function decodeLeafOp(bytes: Uint8Array): LeafOp {
  const reader = new ProtoReader(bytes, "leaf op");
  const op = { hash: 0, prehashKey: 0, prehashValue: 0, length: 0, prefix: NO_BYTES };
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) op.hash = reader.uint32();
    else if (field === 2) op.prehashKey = reader.uint32();
    else if (field === 3) op.prehashValue = reader.uint32();
    else if (field === 4) op.length = reader.uint32();
    else if (field === 5) op.prefix = reader.bytes(PREFIX_BYTES_MAX);
    else reader.unknown();
  }
  return op;
}

function decodeInnerOp(bytes: Uint8Array): InnerOp {
  const reader = new ProtoReader(bytes, "inner op");
  const op = { hash: 0, prefix: NO_BYTES, suffix: NO_BYTES };
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) op.hash = reader.uint32();
    else if (field === 2) op.prefix = reader.bytes(PREFIX_BYTES_MAX);
    else if (field === 3) op.suffix = reader.bytes(PREFIX_BYTES_MAX);
    else reader.unknown();
  }
  return op;
}
