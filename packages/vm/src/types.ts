/** What a contract needs from outside, declared by the engine and implemented by `enclave`. */

/** A contract's plain key-value view for one call. The implementation charges its own gas. */
export interface ContractStorage {
  read(key: Uint8Array): Uint8Array | undefined;
  /** @throws {VmError} `vm/write_in_query`. */
  write(key: Uint8Array, value: Uint8Array): void;
  /** @throws {VmError} `vm/write_in_query`. */
  remove(key: Uint8Array): void;
}

export interface ContractQuerier {
  /** `request` and answer are the JSON of `query_chain`. The implementation charges its own gas. */
  query(request: Uint8Array): Uint8Array;
}

/** Addresses of the network. Throws nothing: a wrong address is a value. */
export interface AddressApi {
  canonicalize(human: string): { readonly ok: Uint8Array } | { readonly error: string };
  humanize(canonical: Uint8Array): { readonly ok: string } | { readonly error: string };
}

/** The primitives behind the crypto imports; result codes are the imports' own (0 valid, 1 invalid, 3, 4, 5, 7, 10). */
export interface ContractCrypto {
  secp256k1Verify(hash: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): number;
  secp256k1RecoverPubkey(
    hash: Uint8Array,
    signature: Uint8Array,
    recoveryParam: number,
  ): { readonly ok: Uint8Array } | { readonly error: number };
  ed25519Verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): number;
  ed25519BatchVerify(
    messages: readonly Uint8Array[],
    signatures: readonly Uint8Array[],
    publicKeys: readonly Uint8Array[],
  ): number;
  secp256k1Sign(
    message: Uint8Array,
    privateKey: Uint8Array,
  ): { readonly ok: Uint8Array } | { readonly error: number };
  ed25519Sign(
    message: Uint8Array,
    privateKey: Uint8Array,
  ): { readonly ok: Uint8Array } | { readonly error: number };
}

/**
 * Wasm gas of one call (1,000 units are one SDK gas). The engine charges instructions and
 * imports here; whoever makes the call reads `used` afterwards. `remaining` never goes below
 * zero: the charge that would do so throws {VmError} `vm/out_of_gas`.
 */
export interface WasmGasMeter {
  readonly limit: bigint;
  readonly used: bigint;
  charge(amount: bigint): void;
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
  readonly gasLimit: bigint;
  readonly storage: ContractStorage;
  readonly querier: ContractQuerier;
  readonly addresses: AddressApi;
  readonly crypto: ContractCrypto;
  /** Text of `debug_print` and `debug`; dropped unless the network allows it. */
  readonly debug?: (text: string) => void;
}

/**
 * A call that ends without a trap gives the bytes of the returned region: the contract's JSON.
 * A call that fails gives the reason; either way with the wasm gas it used.
 */
export type ContractCallResult =
  | { readonly ok: true; readonly output: Uint8Array; readonly gasUsed: bigint }
  | { readonly ok: false; readonly error: VmFailure; readonly gasUsed: bigint };

/** Each code has one stable sentence in `errors.ts`; none carries host- or engine-dependent text. */
export type VmFailure =
  | { readonly code: "vm/invalid_wasm"; readonly reason: string }
  | { readonly code: "vm/floating_point"; readonly functionIndex: number; readonly offset: number }
  | { readonly code: "vm/unsupported_feature"; readonly feature: string; readonly offset: number }
  | { readonly code: "vm/start_function" }
  | { readonly code: "vm/memory_limits"; readonly reason: string }
  | { readonly code: "vm/import_unknown"; readonly name: string }
  | { readonly code: "vm/export_missing"; readonly name: string }
  | { readonly code: "vm/feature_unavailable"; readonly feature: string }
  | { readonly code: "vm/out_of_gas" }
  | { readonly code: "vm/stack_overflow" }
  | { readonly code: "vm/memory_access" }
  | { readonly code: "vm/panic" }
  | { readonly code: "vm/write_in_query" }
  | { readonly code: "vm/query_depth" }
  | { readonly code: "vm/host_import"; readonly name: string; readonly reason: string };
