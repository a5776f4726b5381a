/** Proof that a transaction is in a block: an RFC 6962 path from its hash to `data_hash`. */
import { sha256 } from "@tacit/crypto";
import { concatBytes, toBase64 } from "@tacit/encoding";
import { bytesToJson, hexToJson, type Json } from "./json-chain.ts";

/** @param index of the transaction among `txs`, which are those of the block. */
export function txProofToJson(txs: readonly Uint8Array[], index: number): Json {
  const leaves = txs.map((tx) => hashLeaf(sha256(tx)));
  const aunts: Uint8Array[] = [];
  const root = rootWithPath(leaves, index, aunts);
  return {
    root_hash: hexToJson(root),
    data: bytesToJson(txs[index] as Uint8Array),
    proof: {
      total: `${txs.length}`,
      index: `${index}`,
      leaf_hash: toBase64(leaves[index] as Uint8Array),
      aunts: aunts.map(toBase64),
    },
  };
}

/** Collects the siblings on the way from leaf `index` to the root, lowest first. */
function rootWithPath(
  leaves: readonly Uint8Array[],
  index: number | undefined,
  aunts: Uint8Array[],
): Uint8Array {
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  const split = splitPoint(leaves.length);
  const isLeft = index !== undefined && index < split;
  const isRight = index !== undefined && index >= split;
  const left = rootWithPath(leaves.slice(0, split), isLeft ? index : undefined, aunts);
  const right = rootWithPath(leaves.slice(split), isRight ? index - split : undefined, aunts);
  if (isLeft) aunts.push(right);
  if (isRight) aunts.push(left);
  return hashInner(left, right);
}

/** The largest power of two below `count`. */
function splitPoint(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function hashLeaf(value: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(0), value));
}

function hashInner(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(1), left, right));
}
