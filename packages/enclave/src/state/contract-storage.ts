import type { PrivateWrite } from "@tacit/enclave-channel";
import { compareBytes } from "@tacit/encoding";
import type { ContractStorage } from "@tacit/vm";
import { toKey } from "../bytes.ts";
import type { StorageMeter } from "../gas.ts";
import type { StateKeys } from "../keys/key-ring.ts";
import { FREE_NAME_BYTES, FREE_REREAD_BYTES } from "../limits.ts";
import type { Overlay } from "./overlay.ts";
import {
  chargedRecordBytes,
  legacyKeyBytes,
  openValue,
  type SealedName,
  sealName,
  sealValues,
} from "./record-format.ts";
import type { StateReader } from "./state-reader.ts";

/** A name that the call has touched: its value if there is one, and whether the call wrote it. */
interface Entry {
  readonly name: Uint8Array;
  readonly sealedName: SealedName;
  value: Uint8Array;
  isWritten: boolean;
}

/**
 * A contract's state as one call sees it (privacy protocol section 6). Writes are kept until the
 * call has ended well; removals act at once. Values that were read stay readable for free, as in
 * Secret's enclave; absent ones are charged for each time.
 */
export class EncryptedStorage implements ContractStorage {
  readonly isReadOnly: boolean;
  readonly #isPadded: boolean;
  readonly #contract: Uint8Array;
  readonly #keys: StateKeys;
  readonly #reader: StateReader;
  readonly #meter: StorageMeter;
  readonly #entries = new Map<string, Entry>();
  /** Records removed in this call, by their key. */
  readonly #removed = new Map<string, Uint8Array>();

  constructor(parts: {
    readonly contract: Uint8Array;
    readonly keys: StateKeys;
    readonly reader: StateReader;
    readonly meter: StorageMeter;
    readonly isReadOnly: boolean;
    /** Whether the network pads names and values; neither the contract nor its gas shows it. */
    readonly isPadded: boolean;
  }) {
    this.#isPadded = parts.isPadded;
    this.#contract = parts.contract;
    this.#keys = parts.keys;
    this.#reader = parts.reader;
    this.#meter = parts.meter;
    this.isReadOnly = parts.isReadOnly;
  }

  read(name: Uint8Array): Uint8Array | undefined {
    const nameKey = toKey(name);
    const entry = this.#entries.get(nameKey);
    if (entry !== undefined) {
      this.#meter.chargeBeyond(entry.value.length, FREE_REREAD_BYTES);
      return entry.value;
    }
    const sealedName = this.#sealName(name);
    const { key, chargedBytes } = sealedName;
    const isRemoved = this.#removed.size > 0 && this.#removed.has(toKey(key));
    const record = isRemoved ? null : this.#reader.get(key);
    if (record === null) {
      this.#meter.chargeRead(chargedBytes, 0);
      // The network looks for a record of its first layout then; there are none to be read here.
      this.#meter.chargeRead(legacyKeyBytes(this.#contract), 0);
      return undefined;
    }
    const value = openValue(this.#keys.values, sealedName, record, this.#isPadded);
    this.#meter.chargeRead(chargedBytes, chargedRecordBytes(value));
    this.#entries.set(nameKey, { name, sealedName, value, isWritten: false });
    return value;
  }

  write(name: Uint8Array, value: Uint8Array): void {
    const key = toKey(name);
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      const sealedName = this.#sealName(name);
      this.#entries.set(key, { name, sealedName, value, isWritten: true });
    } else {
      entry.value = value;
      entry.isWritten = true;
    }
  }

  remove(name: Uint8Array): void {
    this.#meter.chargeBeyond(name.length, FREE_NAME_BYTES);
    const entry = this.#entries.get(toKey(name));
    const { key } = entry?.sealedName ?? this.#sealName(name);
    this.#entries.delete(toKey(name));
    this.#removed.set(toKey(key), key);
    this.#meter.chargeDelete();
    this.#meter.chargeDelete();
  }

  /**
   * Charges and seals what the call has written, each write with a deletion of the legacy record,
   * which is charged, not made.
   *
   * In the order of encrypted names: the network takes that of the plain names (shuffled only for
   * contracts with a random), from which its host learns how the hidden names sort.
   *
   * @param salt of `encodeSalt`, one for the call.
   * @throws {OutOfGas}
   */
  flush(salt: Uint8Array): readonly PrivateWrite[] {
    const removed = new Map(this.#removed);
    const written = [...this.#entries.values()].filter(({ isWritten }) => isWritten);
    for (const { sealedName, value } of written) {
      if (removed.size > 0) removed.delete(toKey(sealedName.key));
      this.#meter.chargeDelete();
      this.#meter.chargeWrite(sealedName.chargedBytes, chargedRecordBytes(value));
    }
    const records = sealValues(this.#keys.values, salt, written, this.#isPadded);
    const writes: PrivateWrite[] = written.map(({ sealedName: { key } }, index) => ({
      key,
      value: records[index],
    }));
    for (const key of removed.values()) writes.push({ key, value: undefined });
    return writes.sort((a, b) => compareBytes(a.key, b.key));
  }

  #sealName(name: Uint8Array): SealedName {
    return sealName(this.#keys.names, this.#contract, name, this.#isPadded);
  }
}

/** Makes writes part of the block under way. */
export function applyWrites(overlay: Overlay, writes: readonly PrivateWrite[]): void {
  for (const { key, value } of writes) overlay.set(toKey(key), value ?? null);
}
