/** The block thread's conversation with the enclave: start, blocks, their ends. */
import { sha256 } from "@tacit/crypto";
import {
  ChannelError,
  type EnclaveAnswer,
  type EnclaveClient,
  type EnclaveInfo,
  type EnclaveRequest,
  type HostHandler,
} from "@tacit/enclave-channel";
import { encodeCommit, encodeHeader, timestampToNanos } from "@tacit/light";
import type { BlockBeginning, PrivateView } from "@tacit/module-compute";
import type { FinalizeBlockRequest } from "@tacit/sdk";
import type { CommitMultiStore } from "@tacit/store";
import { AppError } from "../errors.ts";
import { limits } from "../limits.ts";
import type { NetworkDefinition } from "../networks/network.ts";

/** Among the store's blobs: the enclave's sealed state, as of the last commit. */
export const sealedKey = "enclave/sealed";

/** Where the first sealed state goes, before there is a commit that could hold it. */
export interface SealedFile {
  read(): Uint8Array | undefined;
  /** Durable when it returns. */
  write(sealed: Uint8Array): void;
}

/** Requests that start or end something; the enclave asks nothing back while it works on them. */
const noHandler: HostHandler = { handle: () => ({ kind: "failed" }) };

const empty = new Uint8Array();

export class EnclaveSession {
  readonly #enclave: EnclaveClient;
  readonly #store: CommitMultiStore;
  readonly info: EnclaveInfo;

  /**
   * Starts the enclave with its sealed state, or as the first of a network.
   * @throws {AppError} `app/enclave_refused`; {ChannelError}.
   */
  constructor(options: {
    readonly enclave: EnclaveClient;
    readonly store: CommitMultiStore;
    readonly network: NetworkDefinition;
    readonly sealedFile: SealedFile | undefined;
  }) {
    const { enclave, store, network, sealedFile } = options;
    this.#enclave = enclave;
    this.#store = store;
    const sealed = store.blobs.get(sealedKey) ?? sealedFile?.read();
    const answer = this.#ask({ kind: "start", network: networkParams(network), sealed });
    if (answer.kind !== "started") throw unexpected("start", answer);
    this.info = answer.info;
    if (sealed === undefined) sealedFile?.write(answer.sealed);
    this.#keep(answer.sealed);
  }

  /**
   * Hands the enclave the block's header and commit, before any of its messages runs.
   * @param view the state before the block; absent before the first commit.
   */
  beginBlock(
    request: FinalizeBlockRequest,
    appHash: Uint8Array,
    view: PrivateView | undefined,
  ): BlockBeginning {
    const { header, commit } = request;
    const answer = this.#ask({
      kind: "begin_block",
      height: request.height,
      timeNs: timestampToNanos(request.time),
      blockHash: request.hash,
      appHash,
      privateRoot: view?.privateRoot ?? empty,
      privateRootProof: view?.privateRootProof ?? empty,
      header: header === undefined ? empty : encodeHeader(header),
      commit: commit === undefined ? empty : encodeCommit(commit),
      validators: request.validators,
      txHashes: request.validators && request.txs.map((tx) => sha256(tx)),
    });
    if (answer.kind !== "begun") throw unexpected("begin_block", answer);
    this.#keep(answer.sealed);
    return answer;
  }

  /**
   * Tells the enclave that the block is on disk. If it died meanwhile nothing is lost: it proves
   * what it reads, and the next block connects again.
   */
  endBlock(height: bigint, appHash: Uint8Array): void {
    let answer: EnclaveAnswer;
    try {
      answer = this.#ask({ kind: "end_block", height, appHash });
    } catch (error) {
      if (isEnclaveDeath(error)) return;
      throw error;
    }
    if (answer.kind !== "done") throw unexpected("end_block", answer);
    this.#keep(answer.sealed);
  }

  /** Asks something small: the channel connects and starts the enclave again if it has to. */
  revive(): void {
    for (let attempt = 1; attempt <= limits.blockAttempts; attempt += 1) {
      try {
        this.#ask({ kind: "info" });
        return;
      } catch (error) {
        if (!isEnclaveDeath(error)) throw error;
      }
    }
  }

  #ask(request: EnclaveRequest): EnclaveAnswer {
    return this.#enclave.call(request, noHandler);
  }

  #keep(sealed: Uint8Array | undefined): void {
    if (sealed !== undefined) this.#store.blobs.put(sealedKey, sealed);
  }
}

/** Whether the enclave's process ended: its answer is lost, and the block has to begin again. */
export function isEnclaveDeath(error: unknown): boolean {
  return error instanceof ChannelError && error.code === "channel/enclave_died";
}

function networkParams(network: NetworkDefinition) {
  const { chainId, bech32Prefix, kvGas, hardened, padding, contractDebug } = network;
  return { chainId, bech32Prefix, kvGas, hardened, padding, contractDebug };
}

function unexpected(request: string, answer: EnclaveAnswer): AppError {
  const reason = answer.kind === "refused" ? `${answer.code}: ${answer.text}` : answer.kind;
  return new AppError({ code: "app/enclave_refused", request, reason });
}
