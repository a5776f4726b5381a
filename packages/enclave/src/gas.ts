import type { CallGas, NetworkParams } from "@tacit/enclave-channel";
import { ProtocolError } from "@tacit/encoding/errors";
import {
  FREE_OUTPUT_BYTES,
  GAS_MULTIPLIER,
  OUTPUT_WASM_GAS_PER_BYTE,
  WASM_GAS_MAX,
} from "./limits.ts";

type KvGas = NetworkParams["kvGas"];

/** The call has used up the gas its caller had. */
export class OutOfGas extends ProtocolError<{ readonly code: "enclave/out_of_gas" }> {
  constructor() {
    super({ code: "enclave/out_of_gas" }, "execution ran out of gas");
  }
}

/**
 * SDK gas of the key-value table, charged for every logical access on the lengths that records
 * have in Secret's layout, whether they were remembered or fetched: gas is part of consensus, a
 * cache is not.
 */
export class StorageMeter {
  readonly #table: KvGas;
  readonly #limit: bigint;
  #used = 0n;

  /** @param limit SDK gas; the charge that passes it throws. */
  constructor(table: KvGas, limit: bigint) {
    this.#table = table;
    this.#limit = limit;
  }

  get used(): bigint {
    return this.#used;
  }

  /** @param valueBytes 0 if absent. @throws {OutOfGas} */
  chargeRead(keyBytes: number, valueBytes: number): void {
    const { readCostFlat, readCostPerByte } = this.#table;
    this.charge(readCostFlat + readCostPerByte * BigInt(keyBytes + valueBytes));
  }

  /** @throws {OutOfGas} */
  chargeWrite(keyBytes: number, valueBytes: number): void {
    const { writeCostFlat, writeCostPerByte } = this.#table;
    this.charge(writeCostFlat + writeCostPerByte * BigInt(keyBytes + valueBytes));
  }

  /** @throws {OutOfGas} */
  chargeDelete(): void {
    this.charge(this.#table.deleteCost);
  }

  /** One unit for each byte that is not free. @throws {OutOfGas} */
  chargeBeyond(bytes: number, freeBytes: number): void {
    if (bytes > freeBytes) this.charge(BigInt(bytes - freeBytes));
  }

  /** @throws {OutOfGas} */
  charge(amount: bigint): void {
    this.#used += amount;
    if (this.#used > this.#limit) throw new OutOfGas();
  }
}

/** Wasm gas that a call may use. @param gasLimit SDK gas. */
export function wasmGasLimit(gasLimit: bigint): bigint {
  const limit = gasLimit * GAS_MULTIPLIER;
  return limit < WASM_GAS_MAX ? limit : WASM_GAS_MAX;
}

/**
 * Wasm gas of a call that came to its end, with what working on its answer costs.
 * @param gasLimit SDK gas. @throws {OutOfGas}
 */
export function wasmGasWithOutput(
  call: { readonly gasUsed: bigint; readonly output: Uint8Array },
  gasLimit: bigint,
): bigint {
  const paid = call.output.length - FREE_OUTPUT_BYTES;
  const used = call.gasUsed + (paid > 0 ? BigInt(paid) * OUTPUT_WASM_GAS_PER_BYTE : 0n);
  if (used > wasmGasLimit(gasLimit)) throw new OutOfGas();
  return used;
}

/** What a call used, in the parts that section 8.3 of the privacy protocol puts together. */
export interface GasParts {
  /** Wasm gas of instructions and imports, without what is given back for written bytes. */
  readonly wasm: bigint;
  /** SDK gas of the key-value table. */
  readonly storage: bigint;
  /** SDK gas of queries to the chain. */
  readonly queries: bigint;
  /**
   * Whether the network reports the table's gas to the engine in wasm units (execute, query,
   * migrate) or in SDK units (instantiate, reply). Either way it reports it although it was
   * never added to the wasm counter, so that subtracting it lowers the charge: a quirk to keep.
   */
  readonly reportsInWasmUnits: boolean;
}

/** SDK gas of a call that came to its end. */
export function toCallGas(parts: GasParts): CallGas {
  const factor = parts.reportsInWasmUnits ? GAS_MULTIPLIER : 1n;
  const external = parts.storage * factor + parts.queries;
  const used = parts.wasm > external ? parts.wasm - external : 0n;
  return { compute: used / GAS_MULTIPLIER + 1n, storage: parts.storage };
}

/** SDK gas of a call that ran out of it: all there was and one more. */
export function exhaustedGas(gasLimit: bigint): CallGas {
  return { compute: wasmGasLimit(gasLimit) / GAS_MULTIPLIER + 1n, storage: 0n };
}
