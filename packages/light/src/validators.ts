/** Validator sets: order, hash, protobuf (CometBFT v0.38, types/validator_set.go). */
import { malformed, tooLarge } from "./errors.ts";
import { bytesToId, idToBytes, sha256Id } from "./ids.ts";
import { ADDRESS_LENGTH, TOTAL_POWER_MAX, VALIDATORS_MAX } from "./limits.ts";
import { merkleLeaf, merkleRoot } from "./merkle.ts";
import { ProtoReader, ProtoWriter } from "./protobuf.ts";
import type { Validator } from "./types.ts";

const PUBLIC_KEY_BYTES = 32;

type KeyAndPower = Pick<Validator, "publicKey" | "power">;

/** The first 20 bytes of sha256(public key). */
export function validatorAddress(publicKey: Uint8Array): Uint8Array {
  return idToBytes(sha256Id(publicKey).slice(0, ADDRESS_LENGTH));
}

/** By power, descending, then by address, ascending: the order of sets and of commits. */
export function sortValidators<V extends Pick<Validator, "address" | "power">>(
  validators: readonly V[],
): V[] {
  return [...validators].sort((a, b) => {
    if (a.power !== b.power) return a.power > b.power ? -1 : 1;
    const [left, right] = [bytesToId(a.address), bytesToId(b.address)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

/** RFC 6962 root over SimpleValidator{public key, power}, in the set's order; 32 bytes. */
export function validatorSetHash(validators: readonly KeyAndPower[]): Uint8Array {
  return idToBytes(merkleRoot(validators.map((one) => merkleLeaf(encodeSimple(one)))));
}

/** @throws {LightError} `light/too_large` beyond what CometBFT allows, `light/malformed` below 0. */
export function totalPower(validators: readonly KeyAndPower[]): bigint {
  let total = 0n;
  for (const { power } of validators) {
    if (power < 0n) throw malformed("validator power");
    total += power;
  }
  if (total > TOTAL_POWER_MAX) throw tooLarge("total power");
  return total;
}

/** A compact list for storing a set: SimpleValidator entries in field 1. */
export function encodeValidators(validators: readonly KeyAndPower[]): Uint8Array {
  const writer = new ProtoWriter(64 * validators.length);
  for (const one of validators) writer.message(1, encodeSimple(one));
  return writer.finish();
}

/** @throws {LightError} `light/malformed`, `light/too_large`. */
export function decodeValidators(bytes: Uint8Array): Omit<Validator, "proposerPriority">[] {
  const reader = new ProtoReader(bytes, "validators", 1);
  const validators: Omit<Validator, "proposerPriority">[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field !== 1) reader.unknown();
    validators.push(decodeSimple(reader.view()));
    if (validators.length > VALIDATORS_MAX) throw tooLarge("validators");
  }
  return validators;
}

function encodeSimple({ publicKey, power }: KeyAndPower): Uint8Array {
  const key = new ProtoWriter(40).bytes(1, publicKey).finish();
  return new ProtoWriter(56).message(1, key).int(2, power).finish();
}

function decodeSimple(bytes: Uint8Array): Omit<Validator, "proposerPriority"> {
  const reader = new ProtoReader(bytes, "validator");
  let publicKey = new Uint8Array(0);
  let power = 0n;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) publicKey = decodeKey(reader.view());
    else if (field === 2) power = reader.int64();
    else reader.unknown();
  }
  if (publicKey.length !== PUBLIC_KEY_BYTES || power < 0n) throw malformed("validator");
  return { address: validatorAddress(publicKey), publicKey, power };
}

function decodeKey(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const reader = new ProtoReader(bytes, "validator key");
  if (reader.next() !== 1) throw malformed("validator key");
  const key = Uint8Array.from(reader.bytes(PUBLIC_KEY_BYTES));
  if (reader.next() !== 0) throw malformed("validator key");
  return key;
}
