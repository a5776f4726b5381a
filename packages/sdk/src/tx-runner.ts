/**
 * Runs one transaction: ante decorators on one branch of state, messages on another. The order of
 * branches, gas and events is that of Cosmos SDK 0.50; anything else would change results.
 */
import { encodeMessage } from "@tacit/encoding";
import { TxMsgDataSchema } from "@tacit/encoding/proto/cosmos/base/abci/v1beta1/abci";
import type { AbciEvent, ExecTxResult } from "./abci.ts";
import type { AnteNext } from "./ante.ts";
import { type Context, createTxScope, type ExecMode, type TxScope } from "./context.ts";
import { errorToAbci, isFatal, PanicError, PlainError, sdkErrors, wrapError } from "./errors.ts";
import { createEvent, EventManager, withAttribute } from "./events.ts";
import {
  consumedToLimit,
  createInfiniteGasMeter,
  type GasMeter,
  isOutOfGas,
  OutOfGasError,
} from "./gas.ts";
import { moduleOfTypeUrl } from "./router.ts";
import type { ConsensusParamsStore } from "./state-machine.ts";
import type { AnyValue, DecodedMessage, DecodedTx } from "./tx.ts";
import { type LookOptions, type TxPreview, UpcomingTx } from "./upcoming-tx.ts";

export type TxMode = Extract<
  ExecMode,
  "check" | "recheck" | "simulate" | "prepare" | "process" | "finalize" | "genesis"
>;

/** Where a transaction stands in its block. */
export interface TxPlace {
  /** Among all transactions of the block, those that fail before their messages included. */
  readonly index: number;
  /** Looks at the next one, as {@link UpcomingTx.look}; until `endTx`. */
  lookAhead(): TxPreview | undefined;
}

/** Told of each transaction whose messages run in a block, after its ante decorators passed. */
export interface TxObserver {
  beginTx(context: Context, scope: TxScope, place: TxPlace): void;
  endTx(): void;
}

export interface TxRunnerOptions extends LookOptions {
  readonly ante: AnteNext;
  readonly addressToText: (address: Uint8Array) => string;
  readonly consensusParams: Pick<ConsensusParamsStore, "gasOfReading">;
  readonly txObserver?: TxObserver | undefined;
}

/** What a transaction did. `error` is whatever was thrown, already told apart from fatal ones. */
export interface TxOutcome {
  readonly gasWanted: bigint;
  readonly gasUsed: bigint;
  readonly error: unknown;
  /** Of the ante decorators if messages failed; of everything otherwise. */
  readonly events: readonly AbciEvent[];
  readonly responses: readonly AnyValue[];
  /** What modules noted beside consensus. */
  readonly info: string;
}

const noEvents: readonly AbciEvent[] = [];
const alone: TxPlace = { index: 0, lookAhead: () => undefined };

export class TxRunner {
  readonly #options: TxRunnerOptions;
  /** Of the transaction that runs. */
  #place = alone;

  constructor(options: TxRunnerOptions) {
    this.#options = options;
  }

  /** Runs a block's transactions in their order, each as {@link run} does. */
  runBlock(base: Context, txs: readonly Uint8Array[]): readonly ExecTxResult[] {
    const upcoming = txs.map((bytes) => new UpcomingTx(bytes, this.#options));
    try {
      return upcoming.map((tx, index) => {
        this.#place = { index, lookAhead: () => upcoming[index + 1]?.look(base) };
        return outcomeToResult(this.#run("finalize", base, tx));
      });
    } finally {
      this.#place = alone;
    }
  }

  /**
   * Runs `bytes` on `base`, whose stores must be a branch that may be written: ante effects stay
   * in it even if messages fail; message effects only in `finalize` and `genesis`.
   *
   * @throws only what must stop the node ({@link isFatal}).
   */
  run(mode: TxMode, base: Context, bytes: Uint8Array): TxOutcome {
    return this.#run(mode, base, new UpcomingTx(bytes, this.#options));
  }

  #run(mode: TxMode, base: Context, upcoming: UpcomingTx): TxOutcome {
    let tx: DecodedTx;
    try {
      tx = upcoming.decode();
    } catch (error) {
      if (isFatal(error)) throw error;
      // What is wrong with it is not recorded, and no gas, whatever is left of the block's.
      return failed(mode === "finalize" ? sdkErrors.txDecode.make() : error);
    }
    const isFinal = mode === "finalize" || mode === "genesis";
    if (isFinal && isOutOfGas(base.blockGasMeter)) {
      return failed(sdkErrors.outOfGas.wrap("no block gas left to run tx"));
    }
    return this.#runDecoded(mode, base, tx);
  }

  #runDecoded(mode: TxMode, base: Context, tx: DecodedTx): TxOutcome {
    const isFinal = mode === "finalize" || mode === "genesis";
    const scope = createTxScope(tx);
    const gasMeter = createInfiniteGasMeter();
    const context = base.with({ mode, scope, txBytes: tx.bytes, gasMeter });
    const gas = new TxGas(
      scope,
      () => gasMeter.consumed + this.#options.consensusParams.gasOfReading(base),
    );
    const block = new BlockGas(context.blockGasMeter, gas, isFinal);
    let anteEvents = noEvents;
    try {
      validateBasic(tx.messages);
      const ante = this.#runAnte(mode, context, tx);
      anteEvents = ante.events;
      const messages = this.#runMessages(mode, ante.context, tx, block);
      const events =
        isFinal || mode === "simulate" ? [...anteEvents, ...messages.events] : noEvents;
      const result = { ...gas.result(), info: infoOf(scope) };
      return { ...result, error: undefined, events, responses: messages.responses };
    } catch (error) {
      const final = block.chargeAfter(error);
      if (isFatal(final)) throw final;
      return {
        ...gas.result(),
        info: infoOf(scope),
        error: withGas(final, tx, scope),
        events: anteEvents,
        responses: [],
      };
    }
  }

  /** Ante decorators on a branch of their own, kept when all of them pass. */
  #runAnte(
    mode: TxMode,
    context: Context,
    tx: DecodedTx,
  ): { readonly context: Context; readonly events: readonly AbciEvent[] } {
    const branch = branchOf(context);
    const events = new EventManager();
    try {
      const own = context.with({ stores: branch, events });
      const after = this.#options.ante(own, tx, mode === "simulate");
      branch.write();
      return { context: after.with({ stores: context.stores }), events: events.events };
    } catch (error) {
      // Go loses the transaction's own meter with the context that the panic passes.
      if (error instanceof PanicError && context.scope !== undefined) {
        context.scope.gasMeter = undefined;
      }
      throw error;
    }
  }

  #runMessages(
    mode: TxMode,
    context: Context,
    tx: DecodedTx,
    block: BlockGas,
  ): { readonly events: readonly AbciEvent[]; readonly responses: readonly AnyValue[] } {
    if (mode !== "finalize" && mode !== "simulate" && mode !== "genesis") {
      return { events: noEvents, responses: [] };
    }
    const { txObserver } = this.#options;
    const { observer, scope } = context;
    const branch = branchOf(context);
    const isObserved = mode === "finalize";
    if (isObserved && scope !== undefined) txObserver?.beginTx(context, scope, this.#place);
    observer?.branch();
    let isDone = false;
    try {
      const result = this.#eachMessage(context.with({ stores: branch }), tx.messages);
      block.charge();
      if (mode !== "simulate") branch.write();
      isDone = true;
      return result;
    } finally {
      if (isDone) observer?.commit();
      else observer?.revert();
      if (isObserved) txObserver?.endTx();
    }
  }

  #eachMessage(
    context: Context,
    messages: readonly DecodedMessage[],
  ): { readonly events: readonly AbciEvent[]; readonly responses: readonly AnyValue[] } {
    const events: AbciEvent[] = [];
    const responses: AnyValue[] = [];
    for (const [index, message] of messages.entries()) {
      refuseAfterLast(context.scope, index);
      try {
        const own = context.with({ events: new EventManager() });
        const { response } = message.route.handle(own, message.value);
        responses.push(response);
        const position = String(index);
        for (const event of this.#messageEvents(message, own.events.events)) {
          events.push(withAttribute(event, "msg_index", position));
        }
      } catch (error) {
        throw wrapError(error, `failed to execute message; message index: ${index}`);
      }
    }
    return { events, responses };
  }

  /** The message's own event, then those of its handler. */
  #messageEvents(message: DecodedMessage, events: readonly AbciEvent[]): readonly AbciEvent[] {
    const attributes: [string, string][] = [["action", message.typeUrl]];
    const signer = message.signers[0];
    if (signer !== undefined) attributes.push(["sender", this.#options.addressToText(signer)]);
    if (!events.some((event) => event.attributes.some(({ key }) => key === "module"))) {
      const module = moduleOfTypeUrl(message.typeUrl);
      if (module !== "") attributes.push(["module", module]);
    }
    return [createEvent("message", ...attributes), ...events];
  }
}

/** A transaction's gas: its own meter's, or what was used before it had one. */
class TxGas {
  readonly #scope: TxScope;
  readonly #used: () => bigint;

  /** @param used without a meter of its own: what the SDK reads first, and the first decorators. */
  constructor(scope: TxScope, used: () => bigint) {
    this.#scope = scope;
    this.#used = used;
  }

  result(): { readonly gasWanted: bigint; readonly gasUsed: bigint } {
    const meter = this.#scope.gasMeter;
    if (meter === undefined) return { gasWanted: 0n, gasUsed: this.#used() };
    return { gasWanted: meter.limit, gasUsed: meter.consumed };
  }

  get consumedToLimit(): bigint {
    const meter = this.#scope.gasMeter;
    return meter === undefined ? this.#used() : consumedToLimit(meter);
  }
}

/** Block gas is charged once a transaction, whatever becomes of it. */
class BlockGas {
  readonly #meter: GasMeter;
  readonly #gas: TxGas;
  #isDue: boolean;

  constructor(meter: GasMeter, gas: TxGas, isDue: boolean) {
    this.#meter = meter;
    this.#gas = gas;
    this.#isDue = isDue;
  }

  /** @throws {OutOfGasError} if the block has no gas left for it. */
  charge(): void {
    if (!this.#isDue) return;
    this.#isDue = false;
    this.#meter.consume(this.#gas.consumedToLimit, "block gas meter");
  }

  /** Charges after a failure. @returns the failure to report: running out of block gas wins. */
  chargeAfter(error: unknown): unknown {
    try {
      this.charge();
      return error;
    } catch (outOfGas) {
      return isFatal(error) ? error : outOfGas;
    }
  }
}

function failed(error: unknown): TxOutcome {
  return { gasWanted: 0n, gasUsed: 0n, error, events: noEvents, responses: [], info: "" };
}

const infoOf = (scope: TxScope): string => scope.notes.join("\n");

/** Out of gas gets its code and the amounts; everything else stays. */
function withGas(error: unknown, tx: DecodedTx, scope: TxScope): unknown {
  if (!(error instanceof OutOfGasError)) return error;
  const wanted = tx.fee?.gasLimit ?? 0n;
  const used = scope.gasMeter?.consumed ?? 0n;
  return sdkErrors.outOfGas.wrap(
    `out of gas in location: ${error.failure.location}; gasWanted: ${wanted}, gasUsed: ${used}`,
  );
}

function branchOf(context: Context) {
  const { stores } = context;
  if (!("branch" in stores)) throw new PlainError("state cannot be written here");
  return stores.branch();
}

function validateBasic(messages: readonly DecodedMessage[]): void {
  if (messages.length === 0) {
    throw sdkErrors.invalidRequest.wrap("must contain at least one message");
  }
  for (const message of messages) message.route.validateBasic?.(message.value);
}

/** Secret's fork: nothing may follow the message that said it is the last (sdk-fork section 4). */
function refuseAfterLast(scope: TxScope | undefined, index: number): void {
  if (scope?.lastMessageMarked !== true) return;
  throw sdkErrors.lastTxMarker.wrap(
    `message was attempted but last message was marked by a contract; message index: ${index}`,
  );
}

/** TxMsgData with the responses in field 2. */
export function encodeTxMsgData(responses: readonly AnyValue[]): Uint8Array {
  return encodeMessage(TxMsgDataSchema, {
    msgResponses: responses.map(({ typeUrl, value }) => ({ typeUrl, value })),
  });
}

/** The result consensus records. Gas is an int64 there: a limit beyond it becomes negative. */
export function outcomeToResult(outcome: TxOutcome): ExecTxResult {
  const { events, info } = outcome;
  const gasWanted = BigInt.asIntN(64, outcome.gasWanted);
  const gasUsed = BigInt.asIntN(64, outcome.gasUsed);
  if (outcome.error !== undefined) {
    const { code, codespace, log } = errorToAbci(outcome.error);
    return { code, codespace, log, data: new Uint8Array(), info, gasWanted, gasUsed, events };
  }
  return {
    code: 0,
    codespace: "",
    log: "",
    data: encodeTxMsgData(outcome.responses),
    info,
    gasWanted,
    gasUsed,
    events,
  };
}
