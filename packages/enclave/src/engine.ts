import { sha256 } from "@tacit/crypto";
import {
  ChannelError,
  type EnclaveAnswer,
  type EnclaveInfo,
  type EnclaveNotice,
  type EnclaveRequest,
  type EnclaveService,
  type HostPort,
  type TxNotice,
} from "@tacit/enclave-channel";
import { equalBytes } from "@tacit/encoding";
import { decodeHeader } from "@tacit/light";
import { checkCode, createAddressApi, createEngine, VmError } from "@tacit/vm";
import { type BeginBlock, beginTransaction, openBlock } from "./block.ts";
import { callContract, updateAdmin } from "./contract-call.ts";
import { REFUSALS, Refusal, type RefusalCode } from "./errors.ts";
import { createKeyRing } from "./keys/key-ring.ts";
import { CODE_CACHE_BYTES_MAX, RECORD_CACHE_BYTES_MAX } from "./limits.ts";
import { assertSameView, type QueryRequest, queryContract } from "./query-contract.ts";
import { QueryViews } from "./query-views.ts";
import type { Session } from "./session.ts";
import { Overlay } from "./state/overlay.ts";
import { EMPTY_STATE } from "./state/proved-reads.ts";
import { createRecordCache } from "./state/record-cache.ts";
import { createStateReader, type StateReader } from "./state/state-reader.ts";
import { createCallbackSigner } from "./transaction/callback.ts";
import { UpcomingTransaction } from "./transaction/upcoming.ts";
import type { Vault } from "./vault.ts";

export interface EngineOptions {
  readonly vault: Vault;
}

/** One engine of the enclave: serves one channel, in one thread. */
export class EnclaveEngine implements EnclaveService {
  readonly #vault: Vault;
  readonly #views = new QueryViews();
  #session: Session | undefined;
  /** The state that the session's cache holds records of; unset if it holds none. */
  #cachedState: Uint8Array | undefined;
  /** Roots that the calls under way read, the innermost last; undefined is the block's own state. */
  readonly #reading: (Uint8Array | undefined)[] = [];

  constructor(options: EngineOptions) {
    this.#vault = options.vault;
  }

  serve(notices: readonly EnclaveNotice[], request: EnclaveRequest, host: HostPort): EnclaveAnswer {
    try {
      this.#notice(notices);
      return this.#answer(request, host);
    } catch (error) {
      if (error instanceof Refusal) return refuse(error.code);
      if (error instanceof ChannelError) throw error;
      return refuse("enclave/internal");
    }
  }

  /** Outside of blocks nothing comes next. */
  lookAhead(next: TxNotice): void {
    if (this.#session?.block === undefined) return;
    try {
      this.#session.upcoming.prepare(next);
    } catch {
      // Whatever it is, it comes again when the transaction begins, and then it has an answer.
    }
  }

  /** The host has gone: what it had begun will begin again. */
  disconnect(): void {
    this.#reading.length = 0;
    if (this.#session === undefined) return;
    this.#session.block = undefined;
    this.#session.upcoming.drop();
    this.#session.nested.length = 0;
    this.#session.overlay.reset();
  }

  /** Outside of blocks there is nothing to branch. After one that does not fit, no call is served until the next block. */
  #notice(notices: readonly EnclaveNotice[]): void {
    const session = this.#session;
    if (session?.block === undefined) return;
    if (this.#reading.length > 0 && notices.length > 0) throw new Refusal("enclave/bad_request");
    try {
      for (const notice of notices) applyNotice(session, notice);
    } catch (error) {
      session.block = undefined;
      throw error;
    }
  }

  #answer(request: EnclaveRequest, host: HostPort): EnclaveAnswer {
    if (request.kind === "query") return this.#query(request, host);
    if (this.#reading.length > 0) throw new Refusal("enclave/bad_request");
    switch (request.kind) {
      case "start": {
        const sealed = this.#vault.start(request.network, request.sealed);
        return { kind: "started", sealed, info: this.#info() };
      }
      case "info":
        return { kind: "info", info: this.#info() };
      case "begin_block":
        return this.#beginBlock(request);
      case "end_block":
        return this.#endBlock(request);
      case "check_code":
        return reportCode(request.code);
      case "update_admin":
        return this.#reads(undefined, () => updateAdmin(this.#started(), request, host));
      default:
        return this.#reads(undefined, () => callContract(this.#started(), request, host));
    }
  }

  #started(): Session {
    if (this.#session === undefined) {
      const { seeds, network } = this.#vault.open();
      const ring = createKeyRing(seeds);
      const overlay = new Overlay();
      this.#session = {
        network,
        ring,
        engine: createEngine({ cacheBytesMax: CODE_CACHE_BYTES_MAX }),
        addresses: createAddressApi(network.bech32Prefix),
        overlay,
        cache: createRecordCache(RECORD_CACHE_BYTES_MAX),
        callbacks: createCallbackSigner(ring, overlay, network.hardened),
        upcoming: new UpcomingTransaction(ring, network),
        nested: [],
        block: undefined,
      };
    }
    return this.#session;
  }

  #info(): EnclaveInfo {
    const { ring } = this.#started();
    return {
      measurement: this.#vault.measurement(),
      attestation: "simulated",
      ioPublicKey: ring.ioPublicKey,
      seedExchangePublicKey: ring.seedExchangePublicKey,
      publicKeys: ring.publicKeys,
      lastHeight: this.#vault.heights().last,
    };
  }

  #beginBlock(request: BeginBlock): EnclaveAnswer {
    const session = this.#started();
    session.block = undefined;
    session.upcoming.drop();
    session.overlay.reset();
    const { chainId } = session.network;
    const firstHeight = this.#vault.heights().first;
    const block = openBlock(request, { chainId, firstHeight, ring: session.ring });
    const sealed = this.#vault.beginBlock({ ...request, validators: request.validators });
    const isCached =
      this.#cachedState !== undefined && equalBytes(this.#cachedState, request.appHash);
    if (!isCached) session.cache.clear();
    this.#cachedState = request.appHash;
    session.block = block;
    return {
      kind: "begun",
      sealed,
      publicRandom: session.ring.publicRandom(block.random),
      validatorsEvidence: evidenceOf(session, request),
    };
  }

  /**
   * What the block wrote is remembered as part of the state whose root the host names. After a block
   * whose reads nothing could prove, nothing is: a genesis may have brought records.
   */
  #endBlock(request: Extract<EnclaveRequest, { kind: "end_block" }>): EnclaveAnswer {
    const session = this.#started();
    if (session.block?.height !== request.height) throw new Refusal("enclave/no_block");
    const isProved = session.block.proved !== EMPTY_STATE;
    for (const [key, value] of session.overlay.finish()) session.cache.set(key, value);
    session.block = undefined;
    this.#cachedState = isProved ? request.appHash : undefined;
    return { kind: "done", sealed: undefined };
  }

  #query(request: QueryRequest, host: HostPort): EnclaveAnswer {
    const session = this.#started();
    const root = request.view?.privateRoot;
    if (this.#reading.length > 0) assertSameView(this.#reading.at(-1), root);
    return this.#reads(root, () => {
      const { reader, height, timeNs } = this.#openQuery(session, request, host);
      return queryContract(session, { ...request, height, timeNs }, host, reader);
    });
  }

  #openQuery(
    session: Session,
    request: QueryRequest,
    host: HostPort,
  ): { readonly reader: StateReader; readonly height: bigint; readonly timeNs: bigint } {
    if (request.view !== undefined) {
      const { proved, cache } = this.#views.open(request.view);
      const reader = createStateReader({ overlay: undefined, cache, proved, host });
      return { reader, height: request.height, timeNs: request.timeNs };
    }
    const { block, overlay, cache } = session;
    if (block === undefined) throw new Refusal("enclave/no_block");
    const reader = createStateReader({ overlay, cache, proved: block.proved, host });
    return { reader, height: block.height, timeNs: block.timeNs };
  }

  #reads<T>(root: Uint8Array | undefined, work: () => T): T {
    this.#reading.push(root);
    try {
      return work();
    } finally {
      this.#reading.pop();
    }
  }
}

/** Of a header that {@link openBlock} has checked. */
function evidenceOf({ ring }: Session, { header, height }: BeginBlock): Uint8Array {
  if (header.length === 0) return new Uint8Array();
  return ring.validatorsEvidence(decodeHeader(header).nextValidatorsHash, height);
}

function refuse(code: RefusalCode): EnclaveAnswer {
  return { kind: "refused", code, text: REFUSALS[code] };
}

/** @throws {Refusal} `enclave/unbalanced`. */
function applyNotice(session: Session, notice: EnclaveNotice): void {
  const { block, overlay, upcoming } = session;
  if (block === undefined) throw new Refusal("enclave/no_block");
  switch (notice.kind) {
    case "begin_tx":
      beginTransaction(block, upcoming.take(notice));
      break;
    case "end_tx":
      block.transaction = undefined;
      break;
    case "branch":
      overlay.branch();
      break;
    case "commit":
      overlay.commit();
      break;
    case "revert":
      overlay.revert();
      break;
  }
}

function reportCode(code: Uint8Array): EnclaveAnswer {
  try {
    const { abi, requiredFeatures, hasIbcEntryPoints } = checkCode(code);
    const ok = { codeHash: sha256(code), abi, requiredFeatures, hasIbcEntryPoints };
    return { kind: "code", result: { ok } };
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    return { kind: "code", result: { failure: { code: error.code, text: error.message } } };
  }
}
