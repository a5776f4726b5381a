/** A chain small enough for tests of the enclave: real trees and proofs, real transactions, an honest host. */
import { readFileSync } from "node:fs";
import { create } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import {
  accountAddress,
  contractAddress,
  Secret,
  secp256k1PublicKey,
  secp256k1Sign,
  sha256,
} from "@tacit/crypto";
import type {
  CallOutput,
  ContractRequest,
  EnclaveAnswer,
  EnclaveClient,
  EnclaveRequest,
  HostAnswer,
  HostHandler,
  HostRequest,
  NetworkParams,
  SignerAccount,
} from "@tacit/enclave-channel";
import { directSignBytes, encodeMessage, toHex } from "@tacit/encoding";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import {
  AuthInfoSchema,
  FeeSchema,
  ModeInfo_SingleSchema,
  ModeInfoSchema,
  SignerInfoSchema,
  TxBodySchema,
  TxRawSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import {
  MsgExecuteContractSchema,
  MsgInstantiateContractSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { type CommitMultiStore, createMemoryMultiStore } from "@tacit/store";

export const NETWORK: NetworkParams = {
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
};

export const SEALING_KEY = new Secret(new Uint8Array(32).fill(0x5e), "sealing key of the tests");

export function contractCode(name: string): Uint8Array {
  const path = new URL(`../../../contracts/artifacts/${name}.wasm`, import.meta.url);
  return Uint8Array.from(readFileSync(path));
}

export interface Account {
  readonly key: Secret;
  readonly publicKey: Uint8Array;
  readonly address: Uint8Array;
  readonly accountNumber: bigint;
}

export function account(number: number): Account {
  const key = new Secret(new Uint8Array(32).fill(number + 1), "account");
  const publicKey = secp256k1PublicKey(key);
  return { key, publicKey, address: accountAddress(publicKey), accountNumber: BigInt(number) };
}

export interface TxMessage {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/** A transaction signed in direct mode, with what the host says of its signer. */
export function signTx(
  signer: Account,
  messages: readonly TxMessage[],
): { readonly txBytes: Uint8Array; readonly signers: readonly SignerAccount[] } {
  const key = create(AnySchema, {
    typeUrl: "/cosmos.crypto.secp256k1.PubKey",
    value: encodeMessage(PubKeySchema, { key: signer.publicKey }),
  });
  const body = create(TxBodySchema, { messages: messages.map((any) => create(AnySchema, any)) });
  const bodyBytes = encodeMessage(TxBodySchema, body);
  const modeInfo = create(ModeInfoSchema, {
    sum: { case: "single", value: create(ModeInfo_SingleSchema, { mode: 1 }) },
  });
  const authInfo = create(AuthInfoSchema, {
    signerInfos: [create(SignerInfoSchema, { publicKey: key, modeInfo, sequence: 3n })],
    fee: create(FeeSchema, { gasLimit: 1_000_000n }),
  });
  const authInfoBytes = encodeMessage(AuthInfoSchema, authInfo);
  const { chainId } = NETWORK;
  const { accountNumber } = signer;
  const doc = directSignBytes({ bodyBytes, authInfoBytes, chainId, accountNumber });
  const signatures = [secp256k1Sign(sha256(doc), signer.key)];
  const signerAccount = {
    address: signer.address,
    accountNumber,
    sequence: 3n,
    publicKey: encodeMessage(AnySchema, key),
  };
  return {
    txBytes: encodeMessage(TxRawSchema, { bodyBytes, authInfoBytes, signatures }),
    signers: [signerAccount],
  };
}

export function executeMessage(fields: {
  readonly sender: Uint8Array;
  readonly contract: Uint8Array;
  readonly message: Uint8Array;
  readonly funds?: readonly { readonly denom: string; readonly amount: string }[];
}): TxMessage {
  const value = encodeMessage(MsgExecuteContractSchema, {
    sender: fields.sender,
    contract: fields.contract,
    msg: fields.message,
    sentFunds: [...(fields.funds ?? [])],
  });
  return { typeUrl: "/secret.compute.v1beta1.MsgExecuteContract", value };
}

export function instantiateMessage(fields: {
  readonly sender: Uint8Array;
  readonly codeId: bigint;
  readonly label: string;
  readonly message: Uint8Array;
  readonly admin?: string;
}): TxMessage {
  const value = encodeMessage(MsgInstantiateContractSchema, {
    sender: fields.sender,
    codeId: fields.codeId,
    label: fields.label,
    initMsg: fields.message,
    admin: fields.admin ?? "",
  });
  return { typeUrl: "/secret.compute.v1beta1.MsgInstantiateContract", value };
}

export type CallAnswer = Extract<EnclaveAnswer, { kind: "call" }>;

/** What a test may put in place of an honest answer. */
export type Interceptor = (request: HostRequest, honest: () => HostAnswer) => HostAnswer;

export class TestChain {
  readonly client: EnclaveClient;
  readonly store: CommitMultiStore = createMemoryMultiStore(["bank", "private"]);
  readonly codes = new Map<string, Uint8Array>();
  /** Requests that reached the host, by kind. */
  readonly asked: HostRequest[] = [];
  intercept: Interceptor = (_request, honest) => honest();
  onChainQuery: (request: Uint8Array, depth: number) => HostAnswer = () => ({ kind: "failed" });
  height = 0n;
  sealed: Uint8Array | undefined;
  #instances = 0n;
  #transactions = 0;

  constructor(client: EnclaveClient) {
    this.client = client;
  }

  /** @throws what a refused request would have needed, as a failed assertion of the test. */
  ask(request: EnclaveRequest): EnclaveAnswer {
    return this.client.call(request, this.handler);
  }

  readonly handler: HostHandler = {
    handle: (request) => {
      this.asked.push(request);
      return this.intercept(request, () => this.#honest(request));
    },
  };

  #honest(request: HostRequest): HostAnswer {
    switch (request.kind) {
      case "read_private": {
        if (this.store.lastCommitId().version === 0n) {
          return { kind: "private", value: undefined, proof: new Uint8Array(0) };
        }
        const view = this.store.atVersion(this.store.lastCommitId().version);
        return { kind: "private", ...view.proveRead("private", request.key) };
      }
      case "load_code":
        return { kind: "code", code: this.codes.get(toHex(request.codeHash)) };
      case "chain_query":
        return this.onChainQuery(request.request, request.depth);
      case "log":
        return { kind: "logged" };
    }
  }

  start(network: NetworkParams = NETWORK): Extract<EnclaveAnswer, { kind: "started" }> {
    const answer = this.ask({ kind: "start", network, sealed: this.sealed });
    if (answer.kind !== "started") throw new TypeError(JSON.stringify(answer));
    this.sealed = answer.sealed;
    return answer;
  }

  storeCode(code: Uint8Array): Uint8Array {
    const codeHash = sha256(code);
    this.codes.set(toHex(codeHash), code);
    return codeHash;
  }

  view(): {
    readonly appHash: Uint8Array;
    readonly privateRoot: Uint8Array;
    readonly privateRootProof: Uint8Array;
  } {
    const { version } = this.store.lastCommitId();
    const none = new Uint8Array(0);
    if (version === 0n) {
      return { appHash: sha256(none), privateRoot: none, privateRootProof: none };
    }
    const view = this.store.atVersion(version);
    const { storeRoot, proof } = view.proveStore("private");
    return { appHash: view.appHash, privateRoot: storeRoot, privateRootProof: proof };
  }

  beginRequest(
    height: bigint = this.height + 1n,
  ): Extract<EnclaveRequest, { kind: "begin_block" }> {
    return {
      kind: "begin_block",
      height,
      timeNs: 1_700_000_000_000_000_000n + height,
      blockHash: sha256(Uint8Array.of(Number(height))),
      ...this.view(),
      header: new Uint8Array(0),
      commit: new Uint8Array(0),
    };
  }

  beginBlock(): void {
    this.height += 1n;
    const answer = this.ask(this.beginRequest(this.height));
    if (answer.kind !== "begun") throw new TypeError(JSON.stringify(answer));
    this.sealed = answer.sealed;
    this.#transactions = 0;
  }

  endBlock(): void {
    const { hash } = this.store.commit();
    const answer = this.ask({ kind: "end_block", height: this.height, appHash: hash });
    if (answer.kind !== "done") throw new TypeError(JSON.stringify(answer));
  }

  beginTx(tx: { readonly txBytes: Uint8Array; readonly signers: readonly SignerAccount[] }): void {
    this.client.notify({ kind: "begin_tx", index: this.#transactions++, ...tx });
    this.client.notify({ kind: "branch" });
  }

  endTx(succeeded: boolean): void {
    this.client.notify({ kind: succeeded ? "commit" : "revert" });
    this.client.notify({ kind: "end_tx" });
  }

  /** Makes a call and keeps what it wrote. */
  call(request: ContractRequest): CallAnswer {
    const answer = this.ask(request);
    if (answer.kind !== "call") throw new TypeError(JSON.stringify(answer));
    this.keep(answer);
    return answer;
  }

  keep(answer: CallAnswer): void {
    const branch = this.store.branch();
    const store = branch.kvStore("private");
    for (const { key, value } of answer.writes) {
      if (value === undefined) store.delete(key);
      else store.set(key, value);
    }
    branch.write();
  }

  /** One block with one transaction of one message. */
  runTx(signer: Account, message: TxMessage, request: ContractRequest): CallAnswer {
    this.beginBlock();
    const answer = this.runTxInBlock(signer, message, request);
    this.endBlock();
    return answer;
  }

  runTxInBlock(signer: Account, message: TxMessage, request: ContractRequest): CallAnswer {
    this.beginTx(signTx(signer, [message]));
    const answer = this.call(request);
    this.endTx("ok" in answer.result);
    return answer;
  }

  instantiateRequest(fields: {
    readonly sender: Account;
    readonly codeHash: Uint8Array;
    readonly message: Uint8Array;
    readonly label?: string;
    readonly codeId?: bigint;
    readonly admin?: Uint8Array;
  }): Extract<ContractRequest, { kind: "instantiate" }> {
    const codeId = fields.codeId ?? 1n;
    const instanceId = ++this.#instances;
    const creator = fields.sender.address;
    return {
      kind: "instantiate",
      contract: contractAddress({ codeId, instanceId, creator }),
      codeHash: fields.codeHash,
      sender: creator,
      funds: [],
      message: fields.message,
      gasLimit: 1_000_000n,
      authorization: { kind: "signed" },
      txIndex: 0,
      codeId,
      instanceId,
      label: fields.label ?? `contract ${instanceId}`,
      admin: fields.admin ?? new Uint8Array(0),
    };
  }

  executeRequest(fields: {
    readonly sender: Account;
    readonly contract: Uint8Array;
    readonly codeHash: Uint8Array;
    readonly message: Uint8Array;
  }): Extract<ContractRequest, { kind: "execute" }> {
    return {
      kind: "execute",
      contract: fields.contract,
      codeHash: fields.codeHash,
      sender: fields.sender.address,
      funds: [],
      message: fields.message,
      gasLimit: 1_000_000n,
      authorization: { kind: "signed" },
      txIndex: 0,
    };
  }

  instantiate(
    sender: Account,
    codeHash: Uint8Array,
    message: Uint8Array,
  ): { readonly contract: Uint8Array; readonly answer: CallAnswer } {
    const request = this.instantiateRequest({ sender, codeHash, message });
    const { codeId, label } = request;
    const body = instantiateMessage({ sender: sender.address, codeId, label, message });
    return { contract: request.contract, answer: this.runTx(sender, body, request) };
  }

  execute(
    sender: Account,
    target: { readonly contract: Uint8Array; readonly codeHash: Uint8Array },
    message: Uint8Array,
  ): CallAnswer {
    const request = this.executeRequest({ sender, ...target, message });
    const { contract } = target;
    const body = executeMessage({ sender: sender.address, contract, message });
    return this.runTx(sender, body, request);
  }

  query(
    target: { readonly contract: Uint8Array; readonly codeHash: Uint8Array },
    message: Uint8Array,
    client: EnclaveClient = this.client,
  ): EnclaveAnswer {
    return client.call(
      {
        kind: "query",
        contract: target.contract,
        codeHash: target.codeHash,
        message,
        gasLimit: 1_000_000n,
        depth: 1,
        height: this.height,
        timeNs: 1n,
        view: this.view(),
      },
      this.handler,
    );
  }
}

/** The output of a call that must have gone well. */
export function outputOf(answer: CallAnswer): CallOutput {
  if (!("ok" in answer.result)) throw new TypeError(JSON.stringify(answer.result));
  return answer.result.ok;
}
