/** Gas of the state machine. Consensus-critical: gas used enters `last_results_hash`. */
import { ProtocolError } from "@tacit/encoding/errors";

/** Charges of the key-value table, in SDK gas. A network parameter. */
export interface KvGasTable {
  readonly hasCost: bigint;
  readonly deleteCost: bigint;
  readonly readCostFlat: bigint;
  readonly readCostPerByte: bigint;
  readonly writeCostFlat: bigint;
  readonly writeCostPerByte: bigint;
  readonly iterNextCostFlat: bigint;
}

/** Secret's table (its fork of the store module): about a tenth of upstream's. */
export const secretKvGas: KvGasTable = Object.freeze({
  hasCost: 100n,
  deleteCost: 100n,
  readCostFlat: 100n,
  readCostPerByte: 1n,
  writeCostFlat: 200n,
  writeCostPerByte: 5n,
  iterNextCostFlat: 5n,
});

/** The table of cosmossdk.io/store v1.1. */
export const upstreamKvGas: KvGasTable = Object.freeze({
  hasCost: 1000n,
  deleteCost: 1000n,
  readCostFlat: 1000n,
  readCostPerByte: 3n,
  writeCostFlat: 2000n,
  writeCostPerByte: 30n,
  iterNextCostFlat: 30n,
});

/** Locations as they appear in out-of-gas texts. */
export const gasLocations = {
  has: "Has",
  delete: "Delete",
  readFlat: "ReadFlat",
  readPerByte: "ReadPerByte",
  writeFlat: "WriteFlat",
  writePerByte: "WritePerByte",
  iterNextFlat: "IterNextFlat",
  valuePerByte: "ValuePerByte",
} as const;

/** The charge at `location` went past the limit. Becomes code 11 where the limit was set. */
export class OutOfGasError extends ProtocolError<{
  readonly code: "sdk/out_of_gas";
  readonly location: string;
}> {
  constructor(location: string) {
    super({ code: "sdk/out_of_gas", location }, `out of gas in location: ${location}`);
  }
}

const maxUint64 = (1n << 64n) - 1n;

/**
 * Counts gas. The charge that goes past the limit still counts in full, as in the SDK: `consumed`
 * may end above `limit`.
 */
export interface GasMeter {
  /** 2^64 - 1 for an infinite meter. */
  readonly limit: bigint;
  readonly consumed: bigint;
  readonly isInfinite: boolean;
  /** @throws {OutOfGasError} if more than `limit` is consumed now. */
  consume(amount: bigint, location: string): void;
  /** {@link consume} for amounts that are small whole numbers; the hot path of stores. */
  charge(amount: number, location: string): void;
}

/**
 * The count is kept as a double and is exact: a charge that would leave the safe range is out of
 * gas at once, and no honest computation gets near 2^53.
 */
class Meter implements GasMeter {
  readonly limit: bigint;
  readonly isInfinite: boolean;
  #consumed = 0;
  readonly #limit: number;

  constructor(limit: bigint, isInfinite: boolean) {
    this.limit = limit;
    this.isInfinite = isInfinite;
    this.#limit = limit > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(limit);
  }

  get consumed(): bigint {
    return BigInt(this.#consumed);
  }

  consume(amount: bigint, location: string): void {
    this.charge(
      amount > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(amount),
      location,
    );
  }

  charge(amount: number, location: string): void {
    const consumed = this.#consumed + amount;
    this.#consumed = Math.min(consumed, Number.MAX_SAFE_INTEGER);
    if (consumed > this.#limit) throw new OutOfGasError(location);
  }
}

export function createGasMeter(limit: bigint): GasMeter {
  return new Meter(limit, false);
}

export function createInfiniteGasMeter(): GasMeter {
  return new Meter(maxUint64, true);
}

/** Consumption that counts against a surrounding limit: never more than the meter's own limit. */
export function consumedToLimit(meter: GasMeter): bigint {
  return meter.consumed > meter.limit ? meter.limit : meter.consumed;
}

export function isOutOfGas(meter: GasMeter): boolean {
  return !meter.isInfinite && meter.consumed >= meter.limit;
}

export function isPastLimit(meter: GasMeter): boolean {
  return !meter.isInfinite && meter.consumed > meter.limit;
}

export function gasRemaining(meter: GasMeter): bigint {
  if (meter.isInfinite) return maxUint64;
  return meter.consumed > meter.limit ? 0n : meter.limit - meter.consumed;
}
