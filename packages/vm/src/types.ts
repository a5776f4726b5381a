/** What a contract needs from outside, declared by the engine and implemented by `enclave`. */

import type { InstructionGas } from "./instruction-gas.ts";

/** A contract's plain key-value view for one call. The implementation charges its own gas. */
export interface ContractStorage {
  /** In queries: `db_write` and `db_remove` fail with `vm/write_in_query`. */
  readonly isReadOnly: boolean;
  read(key: Uint8Array): Uint8Array | undefined;
  write(key: Uint8Array, value: Uint8Array): void;
  remove(key: Uint8Array): void;
}

export interface ContractQuerier {
  /**
   * `request` and answer are the JSON of `query_chain`. The implementation charges its own gas.
   *
   * @param gasLeft wasm gas that the asking contract has left.
   */
  query(request: Uint8Array, gasLeft: bigint): Uint8Array;
}

/**
 * Addresses of the network. Throws nothing: a wrong address is a value, whose text reaches the
 * contract. {@link createAddressApi} has the network's texts.
 */
export interface AddressApi {
  canonicalize(human: string): { readonly ok: Uint8Array } | { readonly error: string };
  humanize(canonical: Uint8Array): { readonly ok: string } | { readonly error: string };
  /** @returns why `human` is not an address in its one normal form, if it is not. */
  validate(human: string): string | undefined;
}

/** The primitives behind the crypto imports; result codes are the imports' own (0 valid, 1 invalid, 3, 4, 5, 7, 10, 1000). */
export interface ContractCrypto {
  secp256k1Verify(hash: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): number;
  /** The key in its compressed form of 33 bytes. */
  secp256k1RecoverPubkey(
    hash: Uint8Array,
    signature: Uint8Array,
    recoveryParam: number,
  ): { readonly ok: Uint8Array } | { readonly error: number };
  ed25519Verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): number;
  /** Lists of equal length: the engine has repeated a lone message or key, and charged for each. */
  ed25519BatchVerify(
    messages: readonly Uint8Array[],
    signatures: readonly Uint8Array[],
    publicKeys: readonly Uint8Array[],
  ): number;
  /** Signs the SHA-256 of `message`; 64 bytes. */
  secp256k1Sign(
    message: Uint8Array,
    privateKey: Uint8Array,
  ): { readonly ok: Uint8Array } | { readonly error: number };
  ed25519Sign(
    message: Uint8Array,
    privateKey: Uint8Array,
  ): { readonly ok: Uint8Array } | { readonly error: number };
  /** Status of an attestation quote. Without it the import answers 10, "cannot say". */
  dcapQuoteVerify?(
    quote: Uint8Array,
    collateral: Uint8Array,
  ): { readonly ok: number } | { readonly error: number };
}

export type ContractAbi = "v0.10" | "v1";

/** Export names of all callable entry points of both ABIs. */
export type EntryPoint =
  | "init"
  | "handle"
  | "query"
  | "migrate"
  | "instantiate"
  | "execute"
  | "reply"
  | "sudo"
  | "ibc_channel_open"
  | "ibc_channel_connect"
  | "ibc_channel_close"
  | "ibc_packet_receive"
  | "ibc_packet_ack"
  | "ibc_packet_timeout";

/** What static checks learn of a module. Part of consensus: the same for every node. */
export interface ContractAnalysis {
  readonly abi: ContractAbi;
  readonly entryPoints: readonly EntryPoint[];
  /** From `requires_*` exports: a subset of staking, stargate, ibc3, random. */
  readonly requiredFeatures: readonly string[];
  readonly hasIbcEntryPoints: boolean;
}

export interface ContractCall {
  readonly entryPoint: EntryPoint;
  /** The region arguments in the order of the signature: env, info, msg and so on. */
  readonly args: readonly Uint8Array[];
  /** Wasm gas, below 2^53. */
  readonly gasLimit: bigint;
  readonly storage: ContractStorage;
  readonly querier: ContractQuerier;
  readonly addresses: AddressApi;
  readonly crypto: ContractCrypto;
  /** Text of `debug_print` and `debug`; dropped unless the network allows it. */
  readonly debug?: (text: string) => void;
  /** Whoever wants to know runs the code in a form that counts; see `callWithGasReport`. */
  readonly observer?: CallObserver;
}

export interface CallObserver {
  /** An import ended, however it did; `gas` is what the host charged for it. */
  onHostCall(name: string, gas: number): void;
  /** The call ended: what its instructions cost, those of `allocate` for the host among them. */
  onInstructions(gas: InstructionGas): void;
}

/**
 * A call that ends without a trap gives the bytes of the returned region: the contract's JSON.
 * A call that fails gives the reason; either way with the wasm gas it used.
 *
 * `gasUsed` exceeds the limit when gas ran out: by what the refused charge asked for beyond it.
 * `writeGas` is the part of `gasUsed` that stands for bytes written with `db_write`; after a
 * successful call of the execute type (section 2.2, kinds 0 to 10) the caller gives it back.
 */
export type ContractCallResult =
  | {
      readonly ok: true;
      readonly output: Uint8Array;
      readonly gasUsed: bigint;
      readonly writeGas: bigint;
    }
  | {
      readonly ok: false;
      readonly error: VmFailure;
      readonly gasUsed: bigint;
      readonly writeGas: bigint;
    };

/** No memory at all, more than 512 pages at the start, or a maximum. */
export type MemoryMistake = "missing" | "minimum" | "maximum";

/**
 * Each code has one stable sentence in `errors.ts`; none carries host- or engine-dependent text.
 * A `functionIndex` counts imports, as the binary format does, and is -1 outside of functions;
 * `offset` is in bytes from the module's start.
 */
export type VmFailure =
  | { readonly code: "vm/invalid_wasm"; readonly reason: string }
  | { readonly code: "vm/limit_exceeded"; readonly limit: string; readonly value: number }
  | { readonly code: "vm/floating_point"; readonly functionIndex: number; readonly offset: number }
  | {
      readonly code: "vm/unsupported_feature";
      readonly feature: string;
      readonly functionIndex: number;
      readonly offset: number;
    }
  | { readonly code: "vm/start_function" }
  /** What an uploaded module says of its memory. */
  | { readonly code: "vm/memory_declaration"; readonly mistake: MemoryMistake }
  /** Memory that may be uploaded, but that the engine does not give. */
  | { readonly code: "vm/memory_limits"; readonly reason: string }
  | { readonly code: "vm/import_unknown"; readonly name: string }
  | { readonly code: "vm/import_signature"; readonly name: string }
  | { readonly code: "vm/export_missing"; readonly name: string }
  | { readonly code: "vm/feature_unavailable"; readonly feature: string }
  | { readonly code: "vm/out_of_gas" }
  | { readonly code: "vm/stack_overflow" }
  /** An instruction of the contract reached outside its memory. */
  | { readonly code: "vm/memory_access" }
  /** The contract handed an import, or returned, a region that is null or outside its memory. */
  | { readonly code: "vm/region" }
  /** The contract handed an import more than it takes; `limits.ts`. */
  | { readonly code: "vm/region_too_long"; readonly bytes: number; readonly bytesMax: number }
  /** The contract's `allocate` trapped. */
  | { readonly code: "vm/allocation" }
  | { readonly code: "vm/panic" }
  | { readonly code: "vm/division_by_zero" }
  | { readonly code: "vm/table_access" }
  | { readonly code: "vm/signature_mismatch" }
  | { readonly code: "vm/write_in_query" }
  | { readonly code: "vm/query_depth" }
  | { readonly code: "vm/host_import"; readonly name: string; readonly reason: string };
