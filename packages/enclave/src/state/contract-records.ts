import { equalConstantTime } from "@tacit/crypto";
import type { PrivateWrite } from "@tacit/enclave-channel";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { ContractKeySchema } from "@tacit/encoding/proto/secret/compute/v1beta1/types";
import { CallError, Refusal } from "../errors.ts";
import type { ContractIdentity, ContractKeys, KeyRing } from "../keys/key-ring.ts";
import { adminProofRecordKey, contractKeyRecordKey } from "./record-format.ts";
import type { StateReader } from "./state-reader.ts";

const CONTRACT_KEY_BYTES = 64;

/**
 * The keys of a contract, once they prove that this contract runs this code.
 * @throws {CallError} `enclave/unknown_contract`. @throws {Refusal} of the read.
 */
export function readContractKeys(
  ring: KeyRing,
  reader: StateReader,
  identity: ContractIdentity,
): ContractKeys {
  const record = reader.get(contractKeyRecordKey(identity.contract));
  const keys = record === null ? undefined : decodeContractKeys(record);
  if (keys === undefined || !ring.isContract(identity, keys)) {
    throw new CallError("enclave/unknown_contract");
  }
  return keys;
}

/** Keys of a contract whose code changes now: they prove themselves under the old code only, which nobody names. */
export function readKeysBeforeMigration(reader: StateReader, contract: Uint8Array): ContractKeys {
  const record = reader.get(contractKeyRecordKey(contract));
  if (record === null) throw new CallError("enclave/unknown_contract");
  return decodeContractKeys(record);
}

/** Records are remembered as the arrays they came in, and do not change. */
const decoded = new WeakMap<Uint8Array, ContractKeys>();

function decodeContractKeys(record: Uint8Array): ContractKeys {
  let keys = decoded.get(record);
  if (keys === undefined) {
    keys = readContractKeysRecord(record);
    decoded.set(record, keys);
  }
  return keys;
}

function readContractKeysRecord(record: Uint8Array): ContractKeys {
  try {
    const message = decodeMessage(ContractKeySchema, record, { unknown: "reject" });
    const { ogContractKey: original, currentContractKey: current } = message;
    if (original.length === CONTRACT_KEY_BYTES && current.length === CONTRACT_KEY_BYTES) {
      return { original, current, proof: message.currentContractKeyProof };
    }
  } catch (cause) {
    throw new Refusal("enclave/corrupt_record", { cause });
  }
  throw new Refusal("enclave/corrupt_record");
}

export function writeContractKeys(contract: Uint8Array, keys: ContractKeys): PrivateWrite {
  const value = encodeMessage(ContractKeySchema, {
    ogContractKey: keys.original,
    currentContractKey: keys.current,
    currentContractKeyProof: keys.proof,
  });
  return { key: contractKeyRecordKey(contract), value };
}

export function writeAdminProof(
  ring: KeyRing,
  contract: Uint8Array,
  options: { readonly admin: Uint8Array; readonly keys: ContractKeys },
): PrivateWrite {
  const value = ring.adminProof(options.admin, options.keys.original);
  return { key: adminProofRecordKey(contract), value };
}

/** @throws {CallError} `enclave/wrong_admin` unless `admin` is what the stored proof says. */
export function assertAdmin(
  ring: KeyRing,
  reader: StateReader,
  contract: Uint8Array,
  options: { readonly admin: Uint8Array; readonly keys: ContractKeys },
): void {
  const stored = reader.get(adminProofRecordKey(contract));
  const expected = ring.adminProof(options.admin, options.keys.original);
  if (stored === null || !equalConstantTime(stored, expected)) {
    throw new CallError("enclave/wrong_admin");
  }
}
