/** One message of every kind, for the codec's tests. */
import type {
  CallFailure,
  CallOutput,
  EnclaveAnswer,
  EnclaveNotice,
  EnclaveRequest,
  HostAnswer,
  HostRequest,
  TxNotice,
} from "../src/index.ts";

const bytes = (length: number, fill = 7) => new Uint8Array(length).fill(fill);

export const NETWORK = {
  chainId: "secretdev-1",
  bech32Prefix: "secret",
  kvGas: {
    hasCost: 100n,
    deleteCost: 100n,
    readCostFlat: 100n,
    readCostPerByte: 1n,
    writeCostFlat: 200n,
    writeCostPerByte: 5n,
    iterNextCostFlat: 5n,
  },
  hardened: true,
  padding: "unseen",
  contractDebug: false,
} as const;

export const TX_NOTICE: TxNotice = {
  index: 3,
  txBytes: bytes(40),
  signers: [{ address: bytes(20), accountNumber: 1n, sequence: 2n, publicKey: bytes(10) }],
};

export const NOTICES: readonly EnclaveNotice[] = [
  { kind: "begin_tx", ...TX_NOTICE },
  { kind: "branch" },
  { kind: "commit" },
  { kind: "revert" },
  { kind: "end_tx" },
];

const call = {
  contract: bytes(20, 1),
  codeHash: bytes(32, 2),
  sender: bytes(20, 3),
  funds: [{ denom: "uscrt", amount: "5" }],
  message: bytes(100, 4),
  gasLimit: 1_000_000n,
  authorization: { kind: "signed" },
  txIndex: 0,
} as const;

const view = { appHash: bytes(32), privateRoot: bytes(32), privateRootProof: bytes(99) };

export const REQUESTS: readonly EnclaveRequest[] = [
  { kind: "start", network: NETWORK, sealed: undefined },
  { kind: "start", network: NETWORK, sealed: bytes(3) },
  { kind: "info" },
  {
    kind: "begin_block",
    height: 9n,
    timeNs: 1_700_000_000_000_000_000n,
    blockHash: bytes(32),
    ...view,
    header: bytes(5),
    commit: bytes(6),
    validators: bytes(7),
    txHashes: [bytes(32), bytes(32, 8)],
  },
  { kind: "end_block", height: 9n, appHash: bytes(32) },
  { kind: "instantiate", ...call, codeId: 1n, instanceId: 2n, label: "Ångström", admin: bytes(0) },
  { kind: "execute", ...call, authorization: { kind: "callback", signature: bytes(32) } },
  { kind: "migrate", ...call, txIndex: undefined, codeId: 1n, admin: bytes(20) },
  {
    kind: "reply",
    ...call,
    originalMessage: bytes(70),
    reply: {
      id: bytes(3),
      result: {
        ok: {
          events: [{ type: "transfer", attributes: [{ key: "amount", value: "1" }] }],
          data: bytes(2),
        },
      },
      wasOriginalMessageEncrypted: true,
      isEncrypted: false,
    },
  },
  {
    kind: "reply",
    ...call,
    originalMessage: bytes(70),
    reply: {
      id: bytes(3),
      result: { error: "no" },
      wasOriginalMessageEncrypted: true,
      isEncrypted: true,
    },
  },
  { kind: "system", ...call, entryPoint: "hook_ack" },
  {
    kind: "query",
    contract: bytes(20),
    codeHash: bytes(32),
    message: bytes(90),
    gasLimit: 10_000_000n,
    depth: 1,
    height: 8n,
    timeNs: 1n,
    view,
  },
  {
    kind: "update_admin",
    contract: bytes(20),
    codeHash: bytes(32),
    sender: bytes(20),
    admin: bytes(20),
    newAdmin: bytes(0),
    authorization: { kind: "signed" },
  },
  { kind: "check_code", code: bytes(500) },
];

const replyProof = { enclaveSignature: bytes(32), messageId: bytes(90) };
const gas = { compute: 1n, storage: 2n };

const OUTPUT: CallOutput = {
  data: undefined,
  messages: [
    {
      id: (1n << 64n) - 1n,
      message: bytes(9),
      gasLimit: 7n,
      replyOn: "always",
      wasMessageEncrypted: true,
      callbackSignature: bytes(32),
      finalizeTx: false,
    },
  ],
  attributes: [{ key: "k", value: "\ufeffv" }],
  events: [{ type: "e", attributes: [] }],
  abi: "v1",
  hasIbcEntryPoints: true,
  replyProof,
};

const FAILURES: readonly CallFailure[] = [
  { kind: "contract", encrypted: "YQ==", replyProof: undefined },
  { kind: "contract_plain", text: "x" },
  { kind: "enclave", code: "enclave/x", text: "the contract panicked" },
  { kind: "out_of_gas" },
];

const info = {
  measurement: bytes(32),
  attestation: "simulated",
  ioPublicKey: bytes(32),
  seedExchangePublicKey: bytes(32),
  publicKeys: [{ seedExchange: bytes(32), io: bytes(32) }],
  lastHeight: 5n,
} as const;

export const ANSWERS: readonly EnclaveAnswer[] = [
  { kind: "started", sealed: bytes(9), info },
  { kind: "info", info },
  { kind: "done", sealed: undefined },
  { kind: "begun", sealed: bytes(9), publicRandom: bytes(32), validatorsEvidence: bytes(32) },
  {
    kind: "call",
    result: { ok: OUTPUT },
    gas,
    writes: [{ key: bytes(3), value: undefined }],
    gasReport: undefined,
  },
  {
    kind: "call",
    result: { failure: { kind: "out_of_gas" } },
    gas,
    writes: [],
    gasReport: bytes(9),
  },
  ...FAILURES.map((failure): EnclaveAnswer => ({ kind: "query", result: { failure }, gas })),
  { kind: "query", result: { ok: bytes(4) }, gas },
  {
    kind: "code",
    result: {
      ok: {
        codeHash: bytes(32),
        abi: "v1",
        requiredFeatures: ["staking"],
        hasIbcEntryPoints: false,
      },
    },
  },
  { kind: "code", result: { failure: { code: "vm/floating_point", text: "no floats" } } },
  { kind: "refused", code: "enclave/not_started", text: "x" },
];

export const HOST_REQUESTS: readonly HostRequest[] = [
  { kind: "read_private", key: bytes(53) },
  { kind: "load_code", codeHash: bytes(32) },
  { kind: "chain_query", request: bytes(30), gasLimit: 5n, depth: 2 },
  { kind: "log", level: "warn", text: "t" },
];

export const HOST_ANSWERS: readonly HostAnswer[] = [
  { kind: "private", value: undefined, proof: bytes(1) },
  { kind: "private", value: bytes(0), proof: bytes(300) },
  { kind: "code", code: undefined },
  { kind: "chain_query", answer: bytes(3), gasUsed: 1n, outOfGas: true },
  { kind: "logged" },
  { kind: "failed" },
];
