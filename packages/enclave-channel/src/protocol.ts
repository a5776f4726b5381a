/**
 * The conversation with the enclave: requests (ecalls) of the host, requests (ocalls) of the
 * enclave while it works on one, and their answers. Strictly nested, last in first out: while an
 * ocall waits for its answer the host may make further ecalls (contract → query → contract).
 *
 * The enclave trusts nothing in here. Gas in this file is SDK gas unless a name says otherwise.
 */

export interface Coin {
  readonly denom: string;
  /** Decimal digits. */
  readonly amount: string;
}

/** What all nodes of a network agree on; sealed with the seeds at bootstrap and compared at every start. */
export interface NetworkParams {
  readonly chainId: string;
  /** `secret`. */
  readonly bech32Prefix: string;
  readonly kvGas: {
    readonly hasCost: bigint;
    readonly deleteCost: bigint;
    readonly readCostFlat: bigint;
    readonly readCostPerByte: bigint;
    readonly writeCostFlat: bigint;
    readonly writeCostPerByte: bigint;
    readonly iterNextCostFlat: bigint;
  };
  /** Fixes for weaknesses of Secret's protocol that unmodified clients do not notice. */
  readonly hardened: boolean;
  /**
   * What is padded to buckets of size before it is encrypted: nothing; everything whose padding no
   * unmodified client sees; or also errors and data for clients, where it shows as trailing spaces.
   */
  readonly padding: "none" | "unseen" | "all";
  /** Lets contracts write to the node's log, and tells authors of messages where gas went. Never on a network with value. */
  readonly contractDebug: boolean;
}

/** A signer's account as the host's state has it; a wrong value only makes the signature fail. */
export interface SignerAccount {
  /** 20 bytes. */
  readonly address: Uint8Array;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
  /** Protobuf Any. */
  readonly publicKey: Uint8Array;
}

/** A transaction of the block, as the host introduces it. */
export interface TxNotice {
  /** Position in the block. */
  readonly index: number;
  readonly txBytes: Uint8Array;
  readonly signers: readonly SignerAccount[];
}

/**
 * Notices travel with the next request, in order, and cost no crossing of their own. `branch`,
 * `commit` and `revert` mirror every cache context of the state machine.
 */
export type EnclaveNotice =
  | ({ readonly kind: "begin_tx" } & TxNotice)
  | { readonly kind: "end_tx" }
  | { readonly kind: "branch" }
  | { readonly kind: "commit" }
  | { readonly kind: "revert" };

/** How a message proves where it comes from. */
export type Authorization =
  /** The sender signed the transaction of the last `begin_tx`, which contains this very message. */
  | { readonly kind: "signed" }
  /** A contract made it: the callback signature of its message (32 bytes); empty for a reply about a module's message. */
  | { readonly kind: "callback"; readonly signature: Uint8Array };

interface CallCommon {
  /** 20 bytes. */
  readonly contract: Uint8Array;
  /** SHA-256 of the code that runs, 32 bytes. */
  readonly codeHash: Uint8Array;
  /** 20 or 32 bytes; empty for replies and for calls of the chain. */
  readonly sender: Uint8Array;
  readonly funds: readonly Coin[];
  /** `nonce32 ‖ publicKey32 ‖ ciphertext`, or plain bytes where section 2.2 allows it. */
  readonly message: Uint8Array;
  readonly gasLimit: bigint;
  readonly authorization: Authorization;
  /** env.transaction.index; absent outside transactions. */
  readonly txIndex: number | undefined;
}

export type ContractRequest =
  | (CallCommon & {
      readonly kind: "instantiate";
      readonly codeId: bigint;
      readonly instanceId: bigint;
      readonly label: string;
      readonly admin: Uint8Array;
    })
  | (CallCommon & { readonly kind: "execute" })
  | (CallCommon & { readonly kind: "migrate"; readonly codeId: bigint; readonly admin: Uint8Array })
  | (CallCommon & {
      readonly kind: "reply";
      readonly originalMessage: Uint8Array;
      readonly reply: ReplyInput;
    })
  | (CallCommon & { readonly kind: "system"; readonly entryPoint: SystemEntryPoint });

/**
 * Entry points that the chain calls on its own. The transaction under way must contain what made
 * it do so; of `message` nothing is taken that is not there (`ibc-messages.ts` composes it).
 *
 * The last three are the hooks of transfers: a memo calls `execute` with the coins that came, and
 * `sudo` tells a contract what became of a transfer that it sent.
 */
export const SYSTEM_ENTRY_POINTS = [
  "ibc_channel_open",
  "ibc_channel_connect",
  "ibc_channel_close",
  "ibc_packet_receive",
  "ibc_packet_ack",
  "ibc_packet_timeout",
  "hook_execute",
  "hook_ack",
  "hook_timeout",
] as const;

export type SystemEntryPoint = (typeof SYSTEM_ENTRY_POINTS)[number];

export interface ReplyInput {
  /** Decimal id, or the encrypted `internal_msg_id` of a contract's answer. */
  readonly id: Uint8Array;
  readonly result:
    | {
        readonly ok: {
          readonly events: readonly ReplyEvent[];
          readonly data: Uint8Array | undefined;
        };
      }
    | { readonly error: string };
  readonly wasOriginalMessageEncrypted: boolean;
  readonly isEncrypted: boolean;
}

export interface ReplyEvent {
  readonly type: string;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

export type EnclaveRequest =
  | {
      /** First request of a connection that starts the enclave. */
      readonly kind: "start";
      readonly network: NetworkParams;
      /** Absent: draw new seeds (the first node of a network). */
      readonly sealed: Uint8Array | undefined;
    }
  | { readonly kind: "info" }
  | {
      readonly kind: "begin_block";
      readonly height: bigint;
      readonly timeNs: bigint;
      /** 32 bytes: hash of the block's header. */
      readonly blockHash: Uint8Array;
      /** The state root that reads of this block must prove. */
      readonly appHash: Uint8Array;
      /** Root of the `private` store and its compact proof under `appHash`; both empty at the first block. */
      readonly privateRoot: Uint8Array;
      readonly privateRootProof: Uint8Array;
      /** Protobuf Header and Commit of this block, for the light client. */
      readonly header: Uint8Array;
      readonly commit: Uint8Array;
      /**
       * The validators that signed, in the order of sets (`encodeValidators` of `light`). With them
       * the enclave verifies the commit, and from then on runs no block without.
       */
      readonly validators?: Uint8Array | undefined;
      /**
       * SHA-256 of each transaction of the block, in order, which the header's data hash must cover.
       * With them only these transactions run, each at its place; required with `validators`.
       */
      readonly txHashes?: readonly Uint8Array[] | undefined;
    }
  /** The block's writes are on disk; they stay remembered for the next one. */
  | { readonly kind: "end_block"; readonly height: bigint; readonly appHash: Uint8Array }
  | ContractRequest
  | {
      readonly kind: "query";
      readonly contract: Uint8Array;
      readonly codeHash: Uint8Array;
      readonly message: Uint8Array;
      readonly gasLimit: bigint;
      /** 1 for a client's query. */
      readonly depth: number;
      readonly height: bigint;
      readonly timeNs: bigint;
      /** The state to read: absent inside a block (then the block's own writes are seen). */
      readonly view:
        | {
            readonly appHash: Uint8Array;
            readonly privateRoot: Uint8Array;
            readonly privateRootProof: Uint8Array;
          }
        | undefined;
    }
  | {
      readonly kind: "update_admin";
      readonly contract: Uint8Array;
      readonly codeHash: Uint8Array;
      readonly sender: Uint8Array;
      readonly admin: Uint8Array;
      readonly newAdmin: Uint8Array;
      readonly authorization: Authorization;
    }
  /** Static checks of uploaded code; the result is part of the block. */
  | { readonly kind: "check_code"; readonly code: Uint8Array };

/** A change of the `private` store: key and new value, absent to delete. */
export interface PrivateWrite {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** Gas of a call: `compute` for instructions and imports (rounded as section 8.3 says), `storage` for the key-value table. */
export interface CallGas {
  readonly compute: bigint;
  readonly storage: bigint;
}

export interface OutputAttribute {
  readonly key: string;
  readonly value: string;
}

export interface OutputEvent {
  readonly type: string;
  readonly attributes: readonly OutputAttribute[];
}

/** JSON of the message as contracts emit it, contract messages already encrypted. */
export interface OutputSubMessage {
  readonly id: bigint;
  /** UTF-8 JSON of CosmosMsg. */
  readonly message: Uint8Array;
  readonly gasLimit: bigint | undefined;
  readonly replyOn: "always" | "error" | "success" | "never";
  readonly wasMessageEncrypted: boolean;
  /** For contract messages: what authorises them. */
  readonly callbackSignature: Uint8Array | undefined;
  readonly finalizeTx: boolean;
}

/** Present when the caller asked for a reply (section 9.3). */
export interface ReplyProof {
  readonly enclaveSignature: Uint8Array;
  readonly messageId: Uint8Array;
}

export interface CallOutput {
  /** Data; the acknowledgement of a received packet; the version, in UTF-8, of a channel being opened. */
  readonly data: Uint8Array | undefined;
  readonly messages: readonly OutputSubMessage[];
  readonly attributes: readonly OutputAttribute[];
  readonly events: readonly OutputEvent[];
  readonly abi: "v0.10" | "v1";
  /** Whether the code that ran has all six entry points of IBC. */
  readonly hasIbcEntryPoints: boolean;
  readonly replyProof: ReplyProof | undefined;
}

export type CallFailure =
  /** The contract's own error: JSON text `{"generic_err":{"msg":<base64>}}`'s base64 part. */
  | {
      readonly kind: "contract";
      readonly encrypted: string;
      readonly replyProof: ReplyProof | undefined;
    }
  /** Plain error of a contract that runs in plaintext mode. */
  | { readonly kind: "contract_plain"; readonly text: string }
  /** A sentence of section 8.4; `code` is stable. */
  | { readonly kind: "enclave"; readonly code: string; readonly text: string }
  | { readonly kind: "out_of_gas" };

export type EnclaveAnswer =
  | { readonly kind: "started"; readonly sealed: Uint8Array; readonly info: EnclaveInfo }
  | { readonly kind: "info"; readonly info: EnclaveInfo }
  | { readonly kind: "done"; readonly sealed: Uint8Array | undefined }
  | {
      readonly kind: "begun";
      readonly sealed: Uint8Array;
      /** 32 bytes of the block's random for everybody: contracts' randoms cannot be computed from it. */
      readonly publicRandom: Uint8Array;
      /**
       * 32 bytes by which an enclave of this network knows the validators of the next block again
       * (privacy protocol section 4.4); empty for a block without a header.
       */
      readonly validatorsEvidence: Uint8Array;
    }
  | {
      readonly kind: "call";
      readonly result: { readonly ok: CallOutput } | { readonly failure: CallFailure };
      readonly gas: CallGas;
      readonly writes: readonly PrivateWrite[];
      /**
       * Where the call's gas went, sealed for the author of the message: `nonce32 ‖ ciphertext` of
       * JSON. Only with `contractDebug`, and no part of what nodes agree on.
       */
      readonly gasReport?: Uint8Array | undefined;
    }
  | {
      readonly kind: "query";
      readonly result: { readonly ok: Uint8Array } | { readonly failure: CallFailure };
      readonly gas: CallGas;
    }
  | {
      readonly kind: "code";
      readonly result:
        | { readonly ok: CodeReport }
        | { readonly failure: { readonly code: string; readonly text: string } };
    }
  /** The request itself was wrong: malformed, out of order, or refused by a check of the host's claims. */
  | { readonly kind: "refused"; readonly code: string; readonly text: string };

export interface CodeReport {
  readonly codeHash: Uint8Array;
  readonly abi: "v0.10" | "v1";
  readonly requiredFeatures: readonly string[];
  readonly hasIbcEntryPoints: boolean;
}

/** X25519 public keys that belong to one seed, 32 bytes each. */
export interface SeedPublicKeys {
  readonly seedExchange: Uint8Array;
  readonly io: Uint8Array;
}

export interface EnclaveInfo {
  /** 32 bytes. */
  readonly measurement: Uint8Array;
  readonly attestation: "simulated" | "sgx" | "tdx" | "sev_snp";
  /** X25519 public keys, 32 bytes: clients encrypt to the first, new nodes' seeds travel under the second. */
  readonly ioPublicKey: Uint8Array;
  readonly seedExchangePublicKey: Uint8Array;
  /** Those of every seed, the genesis seed's first; the last are the two above. */
  readonly publicKeys: readonly SeedPublicKeys[];
  readonly lastHeight: bigint;
}

export type HostRequest =
  /** A record of the `private` store, as the block's (or the query's) state root has it. */
  | { readonly kind: "read_private"; readonly key: Uint8Array }
  | { readonly kind: "load_code"; readonly codeHash: Uint8Array }
  /** `query_chain` of a contract; `depth` is that of the new query. */
  | {
      readonly kind: "chain_query";
      readonly request: Uint8Array;
      readonly gasLimit: bigint;
      readonly depth: number;
    }
  | {
      readonly kind: "log";
      readonly level: "debug" | "info" | "warn" | "error";
      readonly text: string;
    };

export type HostAnswer =
  | { readonly kind: "private"; readonly value: Uint8Array | undefined; readonly proof: Uint8Array }
  | { readonly kind: "code"; readonly code: Uint8Array | undefined }
  | {
      readonly kind: "chain_query";
      readonly answer: Uint8Array;
      readonly gasUsed: bigint;
      readonly outOfGas: boolean;
    }
  | { readonly kind: "logged" }
  /** The host could not serve it: the call in progress ends and its writes are dropped. */
  | { readonly kind: "failed" };

/** Serves the enclave's requests while it works on one of ours. */
export interface HostHandler {
  handle(request: HostRequest): HostAnswer;
}

/**
 * What the host does while the enclave works on its request. Throws nothing.
 * @returns the transaction that comes next, for the enclave to prepare while the host works.
 */
export type Meanwhile = () => TxNotice | undefined;

/**
 * One end of a channel, used by one thread. `call` blocks; `handler` serves the ocalls made
 * meanwhile and may itself `call` (nested).
 * @throws {ChannelError} `channel/enclave_died`, `channel/timeout`, `channel/malformed`.
 */
export interface EnclaveClient {
  /** @param meanwhile runs once the request is on its way, where this thread would only wait. */
  call(request: EnclaveRequest, handler: HostHandler, meanwhile?: Meanwhile): EnclaveAnswer;
  /** Queued; sent in front of the next `call`. */
  notify(notice: EnclaveNotice): void;
  close(): void;
}
