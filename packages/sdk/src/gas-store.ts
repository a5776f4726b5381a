/** A key-value store that charges a gas meter, charge by charge as the SDK's `gaskv`. */
import type { KVStore } from "@tacit/store";
import { type GasMeter, gasLocations, type KvGasTable } from "./gas.ts";

type Pair = readonly [Uint8Array, Uint8Array];

/** The table as doubles, made once a table: store charges are small. */
interface FastTable {
  readonly has: number;
  readonly delete: number;
  readonly readFlat: number;
  readonly readByte: number;
  readonly writeFlat: number;
  readonly writeByte: number;
  readonly iterNext: number;
}

const fastTables = new WeakMap<KvGasTable, FastTable>();

function fastTable(table: KvGasTable): FastTable {
  let fast = fastTables.get(table);
  if (fast === undefined) {
    fast = {
      has: Number(table.hasCost),
      delete: Number(table.deleteCost),
      readFlat: Number(table.readCostFlat),
      readByte: Number(table.readCostPerByte),
      writeFlat: Number(table.writeCostFlat),
      writeByte: Number(table.writeCostPerByte),
      iterNext: Number(table.iterNextCostFlat),
    };
    fastTables.set(table, fast);
  }
  return fast;
}

class GasStore implements KVStore {
  readonly #parent: KVStore;
  readonly #meter: GasMeter;
  readonly #table: FastTable;

  constructor(parent: KVStore, meter: GasMeter, table: FastTable) {
    this.#parent = parent;
    this.#meter = meter;
    this.#table = table;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const meter = this.#meter;
    const { readFlat, readByte } = this.#table;
    meter.charge(readFlat, gasLocations.readFlat);
    const value = this.#parent.get(key);
    meter.charge(readByte * key.length, gasLocations.readPerByte);
    meter.charge(readByte * (value?.length ?? 0), gasLocations.readPerByte);
    return value;
  }

  has(key: Uint8Array): boolean {
    this.#meter.charge(this.#table.has, gasLocations.has);
    return this.#parent.has(key);
  }

  set(key: Uint8Array, value: Uint8Array): void {
    const meter = this.#meter;
    const { writeFlat, writeByte } = this.#table;
    meter.charge(writeFlat, gasLocations.writeFlat);
    meter.charge(writeByte * key.length, gasLocations.writePerByte);
    meter.charge(writeByte * value.length, gasLocations.writePerByte);
    this.#parent.set(key, value);
  }

  delete(key: Uint8Array): void {
    this.#meter.charge(this.#table.delete, gasLocations.delete);
    this.#parent.delete(key);
  }

  iterator(start?: Uint8Array, end?: Uint8Array): Iterable<Pair> {
    return this.#metered(this.#parent.iterator(start, end));
  }

  reverseIterator(start?: Uint8Array, end?: Uint8Array): Iterable<Pair> {
    return this.#metered(this.#parent.reverseIterator(start, end));
  }

  /**
   * Opening charges for the first pair; each step charges for the pair being left, so a full walk
   * pays the first pair once more than the last. Breaking out of a loop charges nothing.
   */
  #metered(pairs: Iterable<Pair>): Iterable<Pair> {
    const source = pairs[Symbol.iterator]();
    let current = source.next();
    this.#chargeSeek(current.done ? undefined : current.value);
    const store = this;
    return (function* () {
      try {
        while (!current.done) {
          yield current.value;
          store.#chargeSeek(current.value);
          current = source.next();
        }
      } finally {
        source.return?.();
      }
    })();
  }

  #chargeSeek(pair: Pair | undefined): void {
    const meter = this.#meter;
    const { readByte, iterNext } = this.#table;
    if (pair !== undefined) {
      meter.charge(readByte * pair[0].length, gasLocations.valuePerByte);
      meter.charge(readByte * pair[1].length, gasLocations.valuePerByte);
    }
    meter.charge(iterNext, gasLocations.iterNextFlat);
  }
}

/** `parent` behind `meter`. Values and iterators are the parent's own; only gas is added. */
export function createGasStore(parent: KVStore, meter: GasMeter, table: KvGasTable): KVStore {
  return new GasStore(parent, meter, fastTable(table));
}
