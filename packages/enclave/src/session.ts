import { sha256 } from "@tacit/crypto";
import type { HostPort, NetworkParams } from "@tacit/enclave-channel";
import { equalBytes } from "@tacit/encoding";
import type { AddressApi, ContractEngine } from "@tacit/vm";
import type { Block } from "./block.ts";
import type { NestedQuery } from "./chain-query.ts";
import { Refusal } from "./errors.ts";
import type { KeyRing } from "./keys/key-ring.ts";
import type { Overlay } from "./state/overlay.ts";
import { askHost } from "./state/proved-reads.ts";
import type { RecordCache } from "./state/record-cache.ts";
import type { CallbackSigner } from "./transaction/callback.ts";
import type { UpcomingTransaction } from "./transaction/upcoming.ts";

/** What all calls of one engine thread share once the enclave has started. */
export interface Session {
  readonly network: NetworkParams;
  readonly ring: KeyRing;
  readonly engine: ContractEngine;
  readonly addresses: AddressApi;
  /** Writes and tokens of the block under way. */
  readonly overlay: Overlay;
  /** Records of the state below the block. */
  readonly cache: RecordCache;
  readonly callbacks: CallbackSigner;
  readonly upcoming: UpcomingTransaction;
  /** Questions of contracts to contracts under way, the innermost last. */
  readonly nested: NestedQuery[];
  /** Unset outside of blocks. */
  block: Block | undefined;
}

/** Asks the host for a contract's code. @throws {Refusal} `enclave/bad_code`, `enclave/host_failed`. */
export function loadCode(host: HostPort, codeHash: Uint8Array): Uint8Array {
  const answer = askHost(host, { kind: "load_code", codeHash });
  if (answer.kind !== "code") throw new Refusal("enclave/host_failed");
  const { code } = answer;
  if (code === undefined || !equalBytes(sha256(code), codeHash)) {
    throw new Refusal("enclave/bad_code");
  }
  return code;
}
