/** drand's JSON: what `info` and `public/{round}` answer, and the hash that names a chain. */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, equalBytes, integerToBytes, isHex, utf8 } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import { bls12381G2Group as g2 } from "../groups/noble-group.ts";
import { roundRandomness, verifyRound } from "./rounds.ts";

export const BEACON_SCHEME = "bls-unchained-g1-rfc9380";

export interface BeaconChain {
  /** 96 bytes. */
  readonly publicKey: Uint8Array;
  readonly periodSeconds: number;
  /** Of round 1, in seconds of Unix time. */
  readonly genesisTime: number;
  /** 32 bytes: the hash of the group that made the key. */
  readonly genesisSeed: Uint8Array;
  /** `default`, or what tells this chain from the others of its nodes. */
  readonly beaconId: string;
}

/** As JSON. Clients compare `hash` and `public_key` with what they were given. */
export interface ChainInfoJson {
  readonly public_key: string;
  readonly period: number;
  readonly genesis_time: number;
  readonly hash: string;
  readonly groupHash: string;
  readonly schemeID: string;
  readonly metadata: { readonly beaconID: string };
}

export interface BeaconJson {
  readonly round: number;
  readonly randomness: string;
  readonly signature: string;
}

/** 32 bytes. */
export function chainHash(chain: BeaconChain): Uint8Array {
  const { publicKey, periodSeconds, genesisTime, genesisSeed, beaconId } = chain;
  return sha256(
    concatBytes(
      integerToBytes(BigInt(periodSeconds), 4, false),
      integerToBytes(BigInt(genesisTime), 8, false),
      publicKey,
      genesisSeed,
      beaconId === "default" ? new Uint8Array(0) : utf8(beaconId),
    ),
  );
}

export function toChainInfo(chain: BeaconChain): ChainInfoJson {
  return {
    public_key: toHex(chain.publicKey),
    period: chain.periodSeconds,
    genesis_time: chain.genesisTime,
    hash: toHex(chainHash(chain)),
    groupHash: toHex(chain.genesisSeed),
    schemeID: BEACON_SCHEME,
    metadata: { beaconID: chain.beaconId },
  };
}

/** The round whose time has come at `unixSeconds`: 0 before the first. */
export function roundAt(chain: BeaconChain, unixSeconds: number): bigint {
  if (unixSeconds < chain.genesisTime) return 0n;
  return BigInt(Math.floor((unixSeconds - chain.genesisTime) / chain.periodSeconds)) + 1n;
}

/** Seconds of Unix time. */
export function roundTime(chain: BeaconChain, round: bigint): number {
  return chain.genesisTime + Number(round - 1n) * chain.periodSeconds;
}

export function toBeaconJson(round: bigint, signature: Uint8Array): BeaconJson {
  const randomness = toHex(roundRandomness(signature));
  return { round: Number(round), randomness, signature: toHex(signature) };
}

/**
 * Reads and verifies a chain's `info`: hash and key belong together, the scheme is ours.
 *
 * @throws {ThresholdError} `threshold/beacon` with the field; the codes of decoding the key.
 */
export function parseChainInfo(value: unknown): BeaconChain {
  const info = toRecord(value);
  const metadata = toRecord(info.metadata);
  if (info.schemeID !== BEACON_SCHEME) fail("schemeID");
  const chain = {
    publicKey: toBytes(info.public_key, 96, "public_key"),
    periodSeconds: toInteger(info.period, "period"),
    genesisTime: toInteger(info.genesis_time, "genesis_time"),
    genesisSeed: toBytes(info.groupHash, 32, "groupHash"),
    beaconId: typeof metadata.beaconID === "string" ? metadata.beaconID : fail("metadata"),
  };
  g2.decode(chain.publicKey);
  if (!equalBytes(chainHash(chain), toBytes(info.hash, 32, "hash"))) fail("hash");
  return chain;
}

/**
 * Reads and verifies a round: its number, its randomness, its signature. A beacon with the
 * signature of the one before is of a chained scheme, and refused.
 *
 * @returns the signature. @throws `threshold/beacon`, `threshold/signature`, codes of decoding.
 */
export function parseBeacon(chain: BeaconChain, round: bigint, value: unknown): Uint8Array {
  const beacon = toRecord(value);
  if (beacon.previous_signature !== undefined) fail("previous_signature");
  if (BigInt(toInteger(beacon.round, "round")) !== round) fail("round");
  const signature = toBytes(beacon.signature, 48, "signature");
  const randomness = toBytes(beacon.randomness, 32, "randomness");
  if (!equalBytes(roundRandomness(signature), randomness)) fail("randomness");
  verifyRound(chain.publicKey, round, signature);
  return signature;
}

function fail(field: string): never {
  throw new ThresholdError({ code: "threshold/beacon", field });
}

function toRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) return fail("");
  return value as Record<string, unknown>;
}

function toInteger(value: unknown, field: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) fail(field);
  return value as number;
}

function toBytes(value: unknown, lengthBytes: number, field: string): Uint8Array {
  if (typeof value !== "string" || value.length !== 2 * lengthBytes || !isHex(value)) fail(field);
  return Uint8Array.from({ length: lengthBytes }, (_, i) =>
    Number.parseInt(value.slice(2 * i, 2 * i + 2), 16),
  );
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
