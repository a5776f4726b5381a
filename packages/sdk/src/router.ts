/** Which module handles which message, by type URL. */
import { invariant } from "@tacit/encoding/errors";
import type { Context } from "./context.ts";
import type { AnyValue } from "./tx.ts";

/**
 * What a handler answers: its response message as protobuf Any. Events go to the context.
 */
export interface MessageResult {
  readonly response: AnyValue;
}

/** One message type: how it is read, who signs it, what it does. */
export interface MessageRoute<Message> {
  /** `/package.Message`. */
  readonly typeUrl: string;
  /**
   * Reads the message, refusing unknown fields in it and in whatever it nests.
   * @throws {ProtocolError} whose text says what is wrong; becomes code 2 of `sdk`.
   */
  decode(bytes: Uint8Array): Message;
  /**
   * Account addresses that must sign.
   * @throws {ProtocolError} if an address does not parse.
   */
  signers(message: Message): readonly Uint8Array[];
  /** Checks that need no state. @throws {SdkError} and other typed failures. */
  validateBasic?(message: Message): void;
  /**
   * The message as amino JSON value, `{type, value}`; absent where it has no amino form, then
   * the type is the type URL.
   */
  aminoJson?(message: Message): unknown;
  /** Runs on a branch: what it throws undoes its writes. */
  handle(context: Context, message: Message): MessageResult;
}

export class MessageRouter {
  readonly #routes = new Map<string, MessageRoute<unknown>>();

  /** Each type URL has one handler. */
  register<Message>(route: MessageRoute<Message>): void {
    invariant(!this.#routes.has(route.typeUrl), `${route.typeUrl} has one handler`);
    this.#routes.set(route.typeUrl, route as MessageRoute<unknown>);
  }

  route(typeUrl: string): MessageRoute<unknown> | undefined {
    return this.#routes.get(typeUrl);
  }

  get typeUrls(): readonly string[] {
    return [...this.#routes.keys()];
  }
}

/** Second segment of a type URL's package: `/cosmos.bank.v1beta1.MsgSend` gives `bank`. */
export function moduleOfTypeUrl(typeUrl: string): string {
  const parts = typeUrl.split(".");
  return parts.length > 1 ? parts[1]! : "";
}
