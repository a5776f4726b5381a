/** What is known of a validator's signatures. */
import { create } from "@bufbuild/protobuf";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  type ValidatorSigningInfo,
  ValidatorSigningInfoSchema,
} from "@tacit/encoding/proto/cosmos/slashing/v1beta1/slashing";
import { type Context, prefixEnd } from "@tacit/sdk";
import { CHUNK_BITS, emptyBitmap, hasBit, withBit } from "./bitmap.ts";
import {
  bitmapKey,
  bitmapPrefixOf,
  signingInfoKey,
  signingInfoPrefix,
  slashingStoreName,
} from "./keys.ts";

export function getSigningInfo(
  context: Context,
  consensusAddress: Uint8Array,
): ValidatorSigningInfo | undefined {
  const bytes = context.kvStore(slashingStoreName).get(signingInfoKey(consensusAddress));
  return bytes === undefined ? undefined : decodeMessage(ValidatorSigningInfoSchema, bytes);
}

export function setSigningInfo(
  context: Context,
  consensusAddress: Uint8Array,
  info: ValidatorSigningInfo,
): void {
  const bytes = encodeMessage(ValidatorSigningInfoSchema, info);
  context.kvStore(slashingStoreName).set(signingInfoKey(consensusAddress), bytes);
}

/** @param address bech32 of the consensus address. */
export function newSigningInfo(address: string, startHeight: bigint): ValidatorSigningInfo {
  return create(ValidatorSigningInfoSchema, {
    address,
    startHeight,
    jailedUntil: { seconds: 0n, nanos: 0 },
  });
}

/** By ascending consensus address. */
export function* signingInfos(
  context: Context,
): Iterable<{ readonly consensusAddress: Uint8Array; readonly info: ValidatorSigningInfo }> {
  const pairs = context
    .kvStore(slashingStoreName)
    .iterator(signingInfoPrefix, prefixEnd(signingInfoPrefix));
  for (const [key, value] of pairs) {
    const info = decodeMessage(ValidatorSigningInfoSchema, value);
    yield { consensusAddress: key.slice(2), info };
  }
}

/** @param index of the block in the window. */
export function hasMissed(context: Context, consensusAddress: Uint8Array, index: bigint): boolean {
  const key = bitmapKey(consensusAddress, index / CHUNK_BITS);
  const bitmap = context.kvStore(slashingStoreName).get(key);
  return bitmap !== undefined && hasBit(bitmap, Number(index % CHUNK_BITS));
}

export function setMissed(
  context: Context,
  consensusAddress: Uint8Array,
  block: { readonly index: bigint; readonly missed: boolean },
): void {
  const store = context.kvStore(slashingStoreName);
  const key = bitmapKey(consensusAddress, block.index / CHUNK_BITS);
  const bitmap = store.get(key) ?? emptyBitmap();
  store.set(key, withBit(bitmap, Number(block.index % CHUNK_BITS), block.missed));
}

export function forgetMissed(context: Context, consensusAddress: Uint8Array): void {
  const store = context.kvStore(slashingStoreName);
  const prefix = bitmapPrefixOf(consensusAddress);
  for (const [key] of [...store.iterator(prefix, prefixEnd(prefix))]) store.delete(key);
}

/** Indexes of missed blocks, ascending. */
export function missedBlocks(context: Context, consensusAddress: Uint8Array): readonly bigint[] {
  const prefix = bitmapPrefixOf(consensusAddress);
  const pairs = context.kvStore(slashingStoreName).iterator(prefix, prefixEnd(prefix));
  const indexes: bigint[] = [];
  let base = 0n;
  for (const [, bitmap] of pairs) {
    for (let bit = 0; bit < Number(CHUNK_BITS); bit += 1) {
      if (hasBit(bitmap, bit)) indexes.push(base + BigInt(bit));
    }
    base += CHUNK_BITS;
  }
  return indexes;
}
