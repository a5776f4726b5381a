import {
  bool,
  bytes,
  type Codec,
  either,
  fixedBytes,
  list,
  oneOf,
  optional,
  passingBytes,
  struct,
  text,
  u32,
  u64,
  variants,
} from "./codec.ts";
import {
  type Authorization,
  type CallFailure,
  type CallGas,
  type CallOutput,
  type CodeReport,
  type Coin,
  type EnclaveAnswer,
  type EnclaveInfo,
  type EnclaveNotice,
  type EnclaveRequest,
  type HostAnswer,
  type HostRequest,
  type NetworkParams,
  type OutputEvent,
  type OutputSubMessage,
  type PrivateWrite,
  type ReplyInput,
  type ReplyProof,
  type SeedPublicKeys,
  type SignerAccount,
  SYSTEM_ENTRY_POINTS,
  type TxNotice,
} from "./protocol.ts";

const EMPTY = struct<object>({});
const hash = fixedBytes(32);
const abi = oneOf(["v0.10", "v1"]);

const coins = list(struct<Coin>({ denom: text, amount: text }));

const network = struct<NetworkParams>({
  chainId: text,
  bech32Prefix: text,
  kvGas: struct<NetworkParams["kvGas"]>({
    hasCost: u64,
    deleteCost: u64,
    readCostFlat: u64,
    readCostPerByte: u64,
    writeCostFlat: u64,
    writeCostPerByte: u64,
    iterNextCostFlat: u64,
  }),
  hardened: bool,
  padding: oneOf(["none", "unseen", "all"]),
  contractDebug: bool,
});

const signer = struct<SignerAccount>({
  address: bytes,
  accountNumber: u64,
  sequence: u64,
  publicKey: passingBytes,
});

/** Also what an announcement carries. */
export const txNotice = struct<TxNotice>({
  index: u32,
  txBytes: passingBytes,
  signers: list(signer),
});

const notice = variants<EnclaveNotice>({
  begin_tx: txNotice,
  end_tx: EMPTY,
  branch: EMPTY,
  commit: EMPTY,
  revert: EMPTY,
});

const authorization = variants<Authorization>({
  signed: EMPTY,
  callback: struct({ signature: bytes }),
});

const common = {
  contract: bytes,
  codeHash: hash,
  sender: bytes,
  funds: coins,
  message: passingBytes,
  gasLimit: u64,
  authorization,
  txIndex: optional(u32),
};

const event = struct<OutputEvent>({
  type: text,
  attributes: list(struct({ key: text, value: text })),
});

const reply = struct<ReplyInput>({
  id: bytes,
  result: either(struct({ events: list(event), data: optional(bytes) }), "error", text) as Codec<
    ReplyInput["result"]
  >,
  wasOriginalMessageEncrypted: bool,
  isEncrypted: bool,
});

const view = struct({ appHash: bytes, privateRoot: bytes, privateRootProof: passingBytes });

const request = variants<EnclaveRequest>({
  start: struct({ network, sealed: optional(bytes) }),
  info: EMPTY,
  begin_block: struct({
    height: u64,
    timeNs: u64,
    blockHash: hash,
    appHash: bytes,
    privateRoot: bytes,
    privateRootProof: passingBytes,
    header: passingBytes,
    commit: passingBytes,
    validators: optional(passingBytes),
    txHashes: optional(list(hash)),
  }),
  end_block: struct({ height: u64, appHash: bytes }),
  instantiate: struct({ ...common, codeId: u64, instanceId: u64, label: text, admin: bytes }),
  execute: struct(common),
  migrate: struct({ ...common, codeId: u64, admin: bytes }),
  reply: struct({ ...common, originalMessage: bytes, reply }),
  system: struct({ ...common, entryPoint: oneOf(SYSTEM_ENTRY_POINTS) }),
  query: struct({
    contract: bytes,
    codeHash: hash,
    message: passingBytes,
    gasLimit: u64,
    depth: u32,
    height: u64,
    timeNs: u64,
    view: optional(view),
  }),
  update_admin: struct({
    contract: bytes,
    codeHash: hash,
    sender: bytes,
    admin: bytes,
    newAdmin: bytes,
    authorization,
  }),
  check_code: struct({ code: passingBytes }),
});

const gas = struct<CallGas>({ compute: u64, storage: u64 });
const writes = list(struct<PrivateWrite>({ key: passingBytes, value: optional(bytes) }));
const replyProof = optional(struct<ReplyProof>({ enclaveSignature: bytes, messageId: bytes }));

const failure = variants<CallFailure>({
  contract: struct({ encrypted: text, replyProof }),
  contract_plain: struct({ text }),
  enclave: struct({ code: text, text }),
  out_of_gas: EMPTY,
});

const subMessage = struct<OutputSubMessage>({
  id: u64,
  message: bytes,
  gasLimit: optional(u64),
  replyOn: oneOf(["always", "error", "success", "never"]),
  wasMessageEncrypted: bool,
  callbackSignature: optional(bytes),
  finalizeTx: bool,
});

const output = struct<CallOutput>({
  data: optional(passingBytes),
  messages: list(subMessage),
  attributes: list(struct({ key: text, value: text })),
  events: list(event),
  abi,
  hasIbcEntryPoints: bool,
  replyProof,
});

const info = struct<EnclaveInfo>({
  measurement: hash,
  attestation: oneOf(["simulated", "sgx", "tdx", "sev_snp"]),
  ioPublicKey: hash,
  seedExchangePublicKey: hash,
  publicKeys: list(struct<SeedPublicKeys>({ seedExchange: hash, io: hash })),
  lastHeight: u64,
});

const codeReport = struct<CodeReport>({
  codeHash: hash,
  abi,
  requiredFeatures: list(text),
  hasIbcEntryPoints: bool,
});

/** Answers of the enclave. */
export const enclaveAnswer = variants<EnclaveAnswer>({
  started: struct({ sealed: bytes, info }),
  info: struct({ info }),
  done: struct({ sealed: optional(bytes) }),
  begun: struct({ sealed: bytes, publicRandom: hash, validatorsEvidence: bytes }),
  call: struct({
    result: either(output, "failure", failure),
    gas,
    writes,
    gasReport: optional(bytes),
  }),
  query: struct({ result: either(bytes, "failure", failure), gas }),
  code: struct({ result: either(codeReport, "failure", struct({ code: text, text })) }),
  refused: struct({ code: text, text }),
});

/** A request of the host with the notices in front of it. */
export interface EnclaveCall {
  readonly notices: readonly EnclaveNotice[];
  readonly request: EnclaveRequest;
}

export const enclaveCall = struct<EnclaveCall>({ notices: list(notice), request });

/** Requests of the enclave while it works on one of the host's. */
export const hostRequest = variants<HostRequest>({
  read_private: struct({ key: passingBytes }),
  load_code: struct({ codeHash: hash }),
  chain_query: struct({ request: passingBytes, gasLimit: u64, depth: u32 }),
  log: struct({ level: oneOf(["debug", "info", "warn", "error"]), text }),
});

export const hostAnswer = variants<HostAnswer>({
  private: struct({ value: optional(bytes), proof: passingBytes }),
  code: struct({ code: optional(passingBytes) }),
  chain_query: struct({ answer: passingBytes, gasUsed: u64, outOfGas: bool }),
  logged: EMPTY,
  failed: EMPTY,
});
