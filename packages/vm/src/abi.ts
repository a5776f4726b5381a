/** Data table: what contracts of each ABI import and export; privacy protocol, 7.2 and 7.3. */

import type { ContractAbi, EntryPoint } from "./types.ts";
import { VALUE } from "./wasm/opcodes.ts";

export interface ImportSignature {
  readonly params: number;
  /** A value type, or 0 for none. All parameters are `i32`. */
  readonly result: number;
}

const i32 = (params: number): ImportSignature => ({ params, result: VALUE.i32 });
const i64 = (params: number): ImportSignature => ({ params, result: VALUE.i64 });
const none = (params: number): ImportSignature => ({ params, result: 0 });

/** Every function of module `env`; both ABIs are linked with all that exist. */
export const IMPORT_SIGNATURES = {
  db_read: i32(1),
  db_write: none(2),
  db_remove: none(1),
  db_scan: i32(3),
  db_next: i32(1),
  canonicalize_address: i32(2),
  humanize_address: i32(2),
  addr_canonicalize: i32(2),
  addr_humanize: i32(2),
  addr_validate: i32(1),
  query_chain: i32(1),
  secp256k1_verify: i32(3),
  secp256k1_recover_pubkey: i64(3),
  ed25519_verify: i32(3),
  ed25519_batch_verify: i32(3),
  secp256k1_sign: i64(2),
  ed25519_sign: i64(2),
  dcap_quote_verify: i64(2),
  check_gas: i64(0),
  gas_evaporate: i32(1),
  debug: none(1),
  debug_print: none(1),
} as const satisfies Readonly<Record<string, ImportSignature>>;

export type ImportName = keyof typeof IMPORT_SIGNATURES;

const SHARED_IMPORTS: readonly ImportName[] = [
  "db_read",
  "db_write",
  "db_remove",
  "db_scan",
  "db_next",
  "query_chain",
  "secp256k1_verify",
  "secp256k1_recover_pubkey",
  "ed25519_verify",
  "ed25519_batch_verify",
  "secp256k1_sign",
  "ed25519_sign",
];

/** Imports that an upload may have. `debug_print` belongs to debug builds and is refused. */
export const IMPORTS_ALLOWED: Readonly<Record<ContractAbi, ReadonlySet<string>>> = {
  "v0.10": new Set([...SHARED_IMPORTS, "canonicalize_address", "humanize_address"]),
  v1: new Set([
    ...SHARED_IMPORTS,
    "addr_canonicalize",
    "addr_humanize",
    "addr_validate",
    "dcap_quote_verify",
    "check_gas",
    "gas_evaporate",
    "debug",
  ]),
};

export interface EntryPointShape {
  /** Number of region arguments. */
  readonly args: number;
  readonly isRequired: boolean;
  /** The order in which the host asks the contract to allocate its arguments. */
  readonly allocationOrder: readonly number[];
}

const entry = (allocationOrder: readonly number[], isRequired = false): EntryPointShape => ({
  args: allocationOrder.length,
  isRequired,
  allocationOrder,
});

/** In arguments' order: env and msg, with info between them where a sender is known. */
const IN_ORDER = [0, 1];
const MESSAGE_FIRST = [1, 0];

export const ENTRY_POINTS: Readonly<
  Record<ContractAbi, { readonly [name in EntryPoint]?: EntryPointShape }>
> = {
  "v0.10": {
    init: entry(IN_ORDER, true),
    handle: entry(MESSAGE_FIRST, true),
    query: entry([0], true),
    migrate: entry(IN_ORDER),
  },
  v1: {
    instantiate: entry([0, 1, 2], true),
    execute: entry([2, 0, 1]),
    query: entry(MESSAGE_FIRST),
    migrate: entry(IN_ORDER),
    reply: entry(MESSAGE_FIRST),
    sudo: entry(MESSAGE_FIRST),
    ibc_channel_open: entry(MESSAGE_FIRST),
    ibc_channel_connect: entry(MESSAGE_FIRST),
    ibc_channel_close: entry(MESSAGE_FIRST),
    ibc_packet_receive: entry(MESSAGE_FIRST),
    ibc_packet_ack: entry(MESSAGE_FIRST),
    ibc_packet_timeout: entry(MESSAGE_FIRST),
  },
};

/** Exports by which a contract says what it was built for. */
export const ABI_MARKERS: ReadonlyMap<string, ContractAbi> = new Map([
  ["cosmwasm_vm_version_3", "v0.10"],
  ["interface_version_8", "v1"],
]);

export const FEATURE_PREFIX = "requires_";
export const FEATURES_AVAILABLE: ReadonlySet<string> = new Set([
  "staking",
  "stargate",
  "ibc3",
  "random",
]);

export const IBC_ENTRY_POINTS: readonly EntryPoint[] = [
  "ibc_channel_open",
  "ibc_channel_connect",
  "ibc_channel_close",
  "ibc_packet_receive",
  "ibc_packet_ack",
  "ibc_packet_timeout",
];
