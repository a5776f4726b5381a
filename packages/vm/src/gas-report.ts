import type { ContractEngine } from "./engine.ts";
import type { InstructionGas } from "./instruction-gas.ts";
import type { ContractCall, ContractCallResult, ContractStorage } from "./types.ts";

/** What one kind of host call took in a call, in wasm gas. */
export interface HostCallGas {
  readonly name: string;
  readonly calls: number;
  /** Without the instructions of the contract's `allocate` that the host called for the answer. */
  readonly gas: bigint;
}

/** Where the wasm gas of a call went: `total` is `instructions` and all of `hostCalls`. */
export interface GasReport {
  readonly total: bigint;
  /** Instructions and memory growth, wherever they ran. */
  readonly instructions: bigint;
  /** Where the gas of `instructions` went, exactly. */
  readonly instructionGas: InstructionGas;
  /** The dearest first. */
  readonly hostCalls: readonly HostCallGas[];
  /** Lengths are of the contract's plain keys and values. The store's own gas is not in `total`. */
  readonly storage: {
    readonly reads: number;
    readonly bytesRead: number;
    readonly writes: number;
    readonly bytesWritten: number;
    readonly removals: number;
  };
}

interface StorageCounts {
  reads: number;
  bytesRead: number;
  writes: number;
  bytesWritten: number;
  removals: number;
}

/**
 * Runs a call as `engine.call` does, with the same result and gas, and tells where the gas went.
 * For owners of contracts and tests: what it tells depends on the contract's secrets.
 */
export function callWithGasReport(
  engine: ContractEngine,
  codeHash: Uint8Array,
  loadCode: () => Uint8Array,
  call: ContractCall,
): { readonly result: ContractCallResult; readonly report: GasReport } {
  const totals = new Map<string, { calls: number; gas: number }>();
  const counts: StorageCounts = { reads: 0, bytesRead: 0, writes: 0, bytesWritten: 0, removals: 0 };
  let instructionGas: InstructionGas = { classes: [], functions: [] };
  const result = engine.call(codeHash, loadCode, {
    ...call,
    storage: countStorage(call.storage, counts),
    observer: {
      onHostCall: (name, gas) => {
        const total = totals.get(name) ?? { calls: 0, gas: 0 };
        totals.set(name, { calls: total.calls + 1, gas: total.gas + gas });
      },
      onInstructions: (gas) => {
        instructionGas = gas;
      },
    },
  });
  const hostCalls = Array.from(totals, ([name, { calls, gas }]) => ({
    name,
    calls,
    gas: BigInt(gas),
  })).sort(
    (first, second) => Number(second.gas - first.gas) || (first.name < second.name ? -1 : 1),
  );
  const inHost = hostCalls.reduce((sum, { gas }) => sum + gas, 0n);
  const { gasUsed: total } = result;
  return {
    result,
    report: { total, instructions: total - inHost, instructionGas, hostCalls, storage: counts },
  };
}

function countStorage(storage: ContractStorage, counts: StorageCounts): ContractStorage {
  return {
    isReadOnly: storage.isReadOnly,
    read: (key) => {
      const value = storage.read(key);
      counts.reads++;
      counts.bytesRead += value?.length ?? 0;
      return value;
    },
    write: (key, value) => {
      counts.writes++;
      counts.bytesWritten += value.length;
      storage.write(key, value);
    },
    remove: (key) => {
      counts.removals++;
      storage.remove(key);
    },
  };
}
