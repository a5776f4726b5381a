/** Sends on what a contract answered, one message after the other (section 9.4). */
import type { CallOutput, OutputSubMessage } from "@tacit/enclave-channel";
import { equalBytes, ProtocolError } from "@tacit/encoding";
import {
  type AbciEvent,
  type AnyValue,
  type Context,
  createGasMeter,
  EventManager,
  gasRemaining,
  isFatal,
  type MessageRouter,
  OutOfGasError,
  PanicError,
  sdkErrors,
  type TypeResolver,
  wrapError,
} from "@tacit/sdk";
import { oneCallDeeper } from "../call-depth.ts";
import { customEvents, wasmEvent } from "../events.ts";
import type { ComputeOptions } from "../expected.ts";
import { encodeContractMessage } from "./encode.ts";
import { outputData } from "./reply-envelope.ts";
import { type ReplyCall, replyInput } from "./reply-input.ts";
import { type ContractMessage, malformedToError, parseSubMessage } from "./sub-message.ts";
import { convertV010 } from "./v010.ts";

/** A call that answered, about to be followed up. */
export interface AnsweredCall {
  readonly contract: Uint8Array;
  /** The message of the call, whose first 64 bytes a reply needs. */
  readonly originalMessage: Uint8Array;
  readonly output: CallOutput;
}

/** Calls a contract's `reply`; absent data leaves the data there was. */
export type Replier = (context: Context, call: ReplyCall) => Uint8Array | undefined;

/** How one sub-message went. */
export type SubMessageOutcome =
  | {
      readonly ok: {
        readonly events: readonly AbciEvent[];
        /** Of the first message sent; absent if none was. */
        readonly response: AnyValue | undefined;
      };
    }
  | { readonly error: unknown };

export class Dispatcher {
  readonly #options: ComputeOptions;
  readonly #messages: MessageRouter;
  readonly #types: TypeResolver;
  readonly #reply: Replier;

  constructor(
    options: ComputeOptions,
    collaborators: {
      readonly messages: MessageRouter;
      readonly types: TypeResolver;
      readonly reply: Replier;
    },
  ) {
    this.#options = options;
    this.#messages = collaborators.messages;
    this.#types = collaborators.types;
    this.#reply = collaborators.reply;
  }

  /**
   * Emits the contract's events and sends its messages.
   * @returns the last data there is: the contract's own or that of a reply.
   * @throws what the first failed message threw, `submessages: ` in front, unless a reply took it.
   */
  followUp(context: Context, call: AnsweredCall): Uint8Array | undefined {
    const { contract, output } = call;
    const address = this.#options.addresses.toText(contract);
    context.events.emit(wasmEvent(address, output.attributes));
    context.events.emitAll(customEvents(address, output.events));
    return oneCallDeeper(context, () => {
      try {
        return this.#dispatchAll(context, call) ?? outputData(output);
      } catch (error) {
        throw wrapError(error, "submessages");
      }
    });
  }

  #dispatchAll(context: Context, call: AnsweredCall): Uint8Array | undefined {
    let data: Uint8Array | undefined;
    for (const message of call.output.messages) {
      assertNotLast(context);
      const parsed = this.#parse(call, message);
      if (message.finalizeTx || parsed.kind === "finalize_tx") {
        if (context.scope !== undefined) context.scope.lastMessageMarked = true;
        break;
      }
      data = this.#dispatchOne(context, call, message, parsed) ?? data;
    }
    return data;
  }

  #parse(call: AnsweredCall, message: OutputSubMessage): ContractMessage {
    const parsed = parseSubMessage(message);
    if (call.output.abi === "v1") return parsed;
    try {
      return convertV010(parsed, this.#options.addresses.toText(call.contract));
    } catch (error) {
      throw malformedToError(error);
    }
  }

  /** @returns data of the reply, if there was one with data. */
  #dispatchOne(
    context: Context,
    call: AnsweredCall,
    message: OutputSubMessage,
    parsed: ContractMessage,
  ): Uint8Array | undefined {
    const outcome = this.#send(context, call.contract, message, parsed);
    const { replyOn } = message;
    if ("error" in outcome && (replyOn === "success" || replyOn === "never")) throw outcome.error;
    if (replyOn === "never" || (replyOn === "error" && "ok" in outcome)) return undefined;
    const reply = replyInput({
      message,
      isToContract: parsed.kind === "wasm",
      outcome,
      redacts: this.#options.redactsErrors,
    });
    const { contract, originalMessage } = call;
    return this.#reply(context, { contract, originalMessage, ...reply });
  }

  /** Sends one message on a branch of its own, which is dropped if it fails. */
  #send(
    context: Context,
    contract: Uint8Array,
    message: OutputSubMessage,
    parsed: ContractMessage,
  ): SubMessageOutcome {
    const branch = context.cacheContext();
    const emitted = new EventManager();
    const inner = branch.context.with({ events: emitted });
    let response: AnyValue | undefined;
    try {
      response = this.#sendLimited(context, inner, message.gasLimit, (limited) =>
        this.#deliver(limited, contract, message, parsed),
      );
    } catch (error) {
      branch.revert();
      if (isUncatchable(error)) throw error;
      return { error };
    }
    branch.commit();
    const events = emitted.events.filter((event) => event.type !== "message");
    context.events.emitAll(events);
    return { ok: { events, response } };
  }

  /** With a gas limit below what is left: on a meter of its own, charged to the outer one. */
  #sendLimited(
    outer: Context,
    inner: Context,
    gasLimit: bigint | undefined,
    deliver: (context: Context) => AnyValue | undefined,
  ): AnyValue | undefined {
    if (gasLimit === undefined || gasLimit >= gasRemaining(outer.gasMeter)) return deliver(inner);
    const meter = createGasMeter(gasLimit);
    let result: AnyValue | undefined;
    let failure: { readonly error: unknown } | undefined;
    try {
      result = deliver(inner.withGasMeter(meter));
    } catch (error) {
      if (error instanceof OutOfGasError) {
        outer.gasMeter.consume(gasLimit, "Sub-Message OutOfGas panic");
        throw sdkErrors.outOfGas.wrap("SubMsg hit gas limit");
      }
      failure = { error };
    }
    outer.gasMeter.consume(meter.consumed, "From limited Sub-Message");
    if (failure !== undefined) throw failure.error;
    return result;
  }

  #deliver(
    context: Context,
    contract: Uint8Array,
    message: OutputSubMessage,
    parsed: ContractMessage,
  ): AnyValue | undefined {
    const messages = encodeContractMessage({
      sender: contract,
      addresses: this.#options.addresses,
      message: parsed,
      callbackSignature: message.callbackSignature,
    });
    let first: AnyValue | undefined;
    for (const each of messages) {
      const response = this.#handle(context, contract, each);
      first ??= response;
    }
    return first;
  }

  #handle(context: Context, contract: Uint8Array, message: AnyValue): AnyValue {
    const route = this.#messages.route(message.typeUrl);
    if (route === undefined) {
      throw sdkErrors.unknownRequest.wrap(`can't route message ${message.typeUrl}`);
    }
    const value = route.decode(message.value, this.#types);
    try {
      route.validateBasic?.(value);
    } catch (error) {
      const name = message.typeUrl.slice(message.typeUrl.lastIndexOf(".") + 1);
      throw wrapError(error, `failed basic validation for message type *types.${name}`);
    }
    for (const signer of route.signers(value)) {
      if (!equalBytes(signer, contract)) {
        throw sdkErrors.unauthorized.wrap("contract doesn't have permission");
      }
    }
    return route.handle(context, value).response;
  }
}

/** @throws {SdkError} `sdk/40404` once a contract has said that its message was the last. */
function assertNotLast(context: Context): void {
  if (!context.scope?.lastMessageMarked) return;
  const text = "Cannot send messages or submessages after last tx marker was set";
  throw sdkErrors.lastTxMarker.wrap(text);
}

/** Errors that no reply may swallow: they end the transaction or the node. */
function isUncatchable(error: unknown): boolean {
  if (!(error instanceof ProtocolError)) return true;
  return error instanceof OutOfGasError || error instanceof PanicError || isFatal(error);
}
