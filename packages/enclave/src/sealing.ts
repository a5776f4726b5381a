import { concat, randomBytes, Secret, type SivKey } from "@tacit/crypto";
import type { NetworkParams } from "@tacit/enclave-channel";
import { utf8 } from "./bytes.ts";
import { Refusal } from "./errors.ts";
import { SEED_BYTES } from "./keys/key-ring.ts";

/**
 * What the enclave remembers across its process's life, in the host's hands but unreadable and
 * unchangeable to it. An old copy cannot be told from a new one without a counter in hardware:
 * with simulated attestation a host that restores one rewinds the height (docs/threat-model.md).
 */
export interface SealedState {
  readonly seeds: readonly Secret[];
  readonly network: NetworkParams;
  /** 0 before the first block. */
  readonly lastHeight: bigint;
  /** Of the last block; empty before the first. */
  readonly lastBlockHash: Uint8Array;
  /**
   * Protobuf header of the last block whose commit was verified, from which the next one must
   * follow; empty while the host has named blocks without their validators.
   */
  readonly trustedHeader: Uint8Array;
  /** The first block that this enclave ran, whose private store may be empty; 0 before. */
  readonly firstHeight: bigint;
}

const VERSION = 2;
const NONCE_BYTES = 16;
const HASH_BYTES = 32;
const DOMAIN = utf8("tacit sealed state 1");

/** `nonce(16) ‖ siv(state)`. The nonce only hides that two states are equal. */
export function sealState(sealingKey: SivKey, state: SealedState): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  return concat(nonce, sealingKey.seal(encodeState(state), [DOMAIN, nonce]));
}

/** @throws {Refusal} `enclave/bad_sealed_state`. */
export function unsealState(sealingKey: SivKey, sealed: Uint8Array): SealedState {
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    return decodeState(sealingKey.open(sealed.subarray(NONCE_BYTES), [DOMAIN, nonce]));
  } catch (cause) {
    throw new Refusal("enclave/bad_sealed_state", { cause });
  }
}

/**
 * `version(1) count(1) seeds lastHeight(8) firstHeight(8) hashLength(1) hash headerLength(4) header
 * network JSON`, integers big-endian.
 */
function encodeState(state: SealedState): Uint8Array {
  const heights = new Uint8Array(16);
  const view = new DataView(heights.buffer);
  view.setBigUint64(0, state.lastHeight);
  view.setBigUint64(8, state.firstHeight);
  return concat(
    Uint8Array.of(VERSION, state.seeds.length),
    ...state.seeds.map((seed) => seed.reveal()),
    heights,
    Uint8Array.of(state.lastBlockHash.length),
    state.lastBlockHash,
    u32be(state.trustedHeader.length),
    state.trustedHeader,
    utf8(networkText(state.network)),
  );
}

/** What is behind the tag was written by an enclave, so this checks versions, not attacks. */
function decodeState(bytes: Uint8Array): SealedState {
  const [version, count] = bytes;
  if (version !== VERSION || count === undefined) throw new Refusal("enclave/bad_sealed_state");
  let at = 2;
  const take = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const seeds = Array.from({ length: count }, () => new Secret(take(SEED_BYTES), "seed"));
  const heights = take(16);
  const view = new DataView(heights.buffer, heights.byteOffset, 16);
  const hashLength = take(1)[0];
  if (hashLength !== 0 && hashLength !== HASH_BYTES) throw new Refusal("enclave/bad_sealed_state");
  const lastBlockHash = Uint8Array.from(take(hashLength));
  const [a = 0, b = 0, c = 0, d = 0] = take(4);
  const trustedHeader = Uint8Array.from(take(((a * 256 + b) * 256 + c) * 256 + d));
  return {
    seeds,
    trustedHeader,
    lastBlockHash,
    lastHeight: view.getBigUint64(0),
    firstHeight: view.getBigUint64(8),
    network: networkFromText(new TextDecoder().decode(bytes.subarray(at))),
  };
}

function u32be(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** One text for equal parameters, for sealing and for comparing. */
export function networkText(network: NetworkParams): string {
  const { chainId, bech32Prefix, kvGas, hardened, padding, contractDebug } = network;
  const gas = [
    kvGas.hasCost,
    kvGas.deleteCost,
    kvGas.readCostFlat,
    kvGas.readCostPerByte,
    kvGas.writeCostFlat,
    kvGas.writeCostPerByte,
    kvGas.iterNextCostFlat,
  ].map(String);
  return JSON.stringify([chainId, bech32Prefix, gas, hardened, contractDebug, padding]);
}

function networkFromText(text: string): NetworkParams {
  // States sealed before there was padding end without it.
  const [chainId, bech32Prefix, gas, hardened, contractDebug, padding = "none"] = JSON.parse(
    text,
  ) as [string, string, string[], boolean, boolean, NetworkParams["padding"] | undefined];
  const cost = (index: number) => BigInt(gas[index]!);
  const kvGas = {
    hasCost: cost(0),
    deleteCost: cost(1),
    readCostFlat: cost(2),
    readCostPerByte: cost(3),
    writeCostFlat: cost(4),
    writeCostPerByte: cost(5),
    iterNextCostFlat: cost(6),
  };
  return { chainId, bech32Prefix, kvGas, hardened, padding, contractDebug };
}
