/**
 * The state machine's transactions and branches, told to the enclave. A branch in which the
 * enclave was never called is not mentioned at all: most transactions never cross.
 */
import { AnySchema } from "@bufbuild/protobuf/wkt";
import type {
  EnclaveAnswer,
  EnclaveClient,
  EnclaveNotice,
  EnclaveRequest,
  HostHandler,
  TxNotice,
} from "@tacit/enclave-channel";
import { encodeMessage } from "@tacit/encoding";
import { enclaveMessages } from "@tacit/module-compute";
import type {
  BranchObserver,
  Context,
  DecodedTx,
  TxObserver,
  TxPlace,
  TxScope,
  TxSigner,
} from "@tacit/sdk";

type Pending =
  | { readonly kind: "begin_tx"; readonly scope: TxScope; readonly index: number }
  | Exclude<EnclaveNotice, { kind: "begin_tx" }>;

export class EnclaveMirror implements EnclaveClient, BranchObserver, TxObserver {
  readonly #enclave: EnclaveClient;
  /** What the enclave has not been told yet, oldest first. */
  #pending: Pending[] = [];
  /** Of the transaction under way. */
  #place: TxPlace | undefined;

  constructor(enclave: EnclaveClient) {
    this.#enclave = enclave;
  }

  beginTx(_context: Context, scope: TxScope, place: TxPlace): void {
    this.#place = place;
    this.#pending.push({ kind: "begin_tx", scope, index: place.index });
  }

  endTx(): void {
    this.#place = undefined;
    this.#close("begin_tx", { kind: "end_tx" });
  }

  branch(): void {
    this.#pending.push({ kind: "branch" });
  }

  commit(): void {
    this.#close("branch", { kind: "commit" });
  }

  revert(): void {
    this.#close("branch", { kind: "revert" });
  }

  /** Forgets what was not told: the block begins again. */
  reset(): void {
    this.#pending = [];
  }

  call(request: EnclaveRequest, handler: HostHandler): EnclaveAnswer {
    const pending = this.#pending;
    this.#pending = [];
    for (const notice of pending) this.#enclave.notify(noticeOf(notice));
    return this.#enclave.call(request, handler, this.#next);
  }

  /** Done while the enclave works: the look, and what the enclave can do while this side works. */
  readonly #next = (): TxNotice | undefined => {
    if (this.#place === undefined) return undefined;
    const next = this.#place.lookAhead();
    if (next === undefined || !callsEnclave(next.tx)) return undefined;
    return introduce(next.tx, this.#place.index + 1, next.signers);
  };

  notify(notice: EnclaveNotice): void {
    this.#enclave.notify(notice);
  }

  close(): void {
    this.#enclave.close();
  }

  /** Takes back an opening nobody heard of, or announces the end of one that was announced. */
  #close(opening: Pending["kind"], end: Exclude<Pending, { kind: "begin_tx" }>): void {
    if (this.#pending.at(-1)?.kind === opening) this.#pending.pop();
    else this.#pending.push(end);
  }
}

function noticeOf(notice: Pending): EnclaveNotice {
  if (notice.kind !== "begin_tx") return notice;
  const { scope, index } = notice;
  return { kind: "begin_tx", ...introduce(scope.tx, index, scope.signers) };
}

const callsEnclave = ({ messages }: DecodedTx): boolean =>
  messages.some(({ typeUrl }) => enclaveMessages.has(typeUrl));

function introduce(tx: DecodedTx, index: number, signers: readonly TxSigner[]): TxNotice {
  return {
    index,
    txBytes: tx.bytes,
    signers: signers.map(({ address, accountNumber, sequence, publicKey }) => ({
      address,
      accountNumber,
      sequence,
      publicKey: encodeMessage(AnySchema, publicKey),
    })),
  };
}
