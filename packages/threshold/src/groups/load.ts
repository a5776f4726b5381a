/** Backends that have to be loaded; those of noble are always there. */
import { type Ed25519Point, ed25519Group } from "./edwards-group.ts";
import type { Group } from "./group.ts";
import type { MclG1Point, MclG2Point } from "./mcl-pairing.ts";
import {
  type G1Point,
  type G2Point,
  type RistrettoPoint,
  ristretto255Group,
} from "./noble-group.ts";
import { noblePairing, type Pairing } from "./pairing.ts";
import type { SodiumPoint } from "./sodium-group.ts";
import type { WasmPoint } from "./wasm-group.ts";

interface RistrettoPoints {
  readonly noble: RistrettoPoint;
  readonly libsodium: SodiumPoint;
  readonly wasm: WasmPoint;
}

export type RistrettoBackend = keyof RistrettoPoints;

/**
 * ristretto255 by the backend of choice: `wasm` for speed, `wasm` or `libsodium` where a lasting
 * secret multiplies foreign points, `noble` where WebAssembly is not allowed.
 */
export async function loadRistretto255<Backend extends RistrettoBackend>(
  backend: Backend,
): Promise<Group<RistrettoPoints[Backend]>> {
  const group: Group<never> = await load(backend);
  return group;
}

async function load(backend: RistrettoBackend): Promise<Group<never>> {
  switch (backend) {
    case "noble":
      return ristretto255Group as Group<never>;
    case "libsodium":
      return (await (await import("./sodium-group.ts")).loadSodiumRistretto255()) as Group<never>;
    default:
      return (await (await import("./wasm-group.ts")).loadWasmRistretto255()) as Group<never>;
  }
}

interface Ed25519Points {
  readonly noble: Ed25519Point;
  readonly wasm: WasmPoint;
}

export type Ed25519Backend = keyof Ed25519Points;

/**
 * Ed25519 by the backend of choice: `wasm` for speed and for lasting secrets, `noble` where
 * WebAssembly is not allowed.
 */
export async function loadEd25519<Backend extends Ed25519Backend>(
  backend: Backend,
): Promise<Group<Ed25519Points[Backend]>> {
  const groups = {
    noble: async () => ed25519Group,
    wasm: async () => (await import("./wasm-group.ts")).loadWasmEd25519(),
  };
  return (await groups[backend]()) as Group<never>;
}

interface Pairings {
  readonly noble: Pairing<G1Point, G2Point>;
  readonly mcl: Pairing<MclG1Point, MclG2Point>;
}

export type PairingBackend = keyof Pairings;

/** BLS12-381 by the backend of choice: `mcl` for speed, `noble` without WebAssembly. */
export async function loadPairing<Backend extends PairingBackend>(
  backend: Backend,
): Promise<Pairings[Backend]> {
  const pairings = {
    noble: async () => noblePairing,
    mcl: async () => (await import("./mcl-pairing.ts")).loadMclPairing(),
  };
  return (await pairings[backend]()) as Pairings[Backend];
}
