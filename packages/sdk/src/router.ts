/** Which module handles which message, by type URL. */
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import type { Context } from "./context.ts";
import type { AnyValue } from "./tx.ts";
import type { TypeResolver } from "./types.ts";

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
  /** The message's descriptor: amino JSON and JSON are made from it. */
  readonly schema: DescMessage;
  /**
   * Reads the message, refusing unknown fields in it and in whatever it nests.
   * @throws {ProtocolError} whose text says what is wrong; becomes code 2 of `sdk`.
   */
  decode(bytes: Uint8Array, types: TypeResolver): Message;
  /** The message as this network's types write it: proposals keep their messages so. */
  encode(message: Message): Uint8Array;
  /**
   * Account addresses that must sign.
   * @throws {ProtocolError} if an address does not parse.
   */
  signers(message: Message): readonly Uint8Array[];
  /** Checks that need no state. @throws {SdkError} and other typed failures. */
  validateBasic?(message: Message): void;
  /** Runs on a branch: what it throws undoes its writes. */
  handle(context: Context, message: Message): MessageResult;
}

/** What `messageRoute` needs of a message whose types are generated. */
export interface MessageRouteOptions<Input extends DescMessage, Output extends DescMessage> {
  readonly schema: Input;
  readonly response: Output;
  /** A faster `decode` than reflection; must be as strict. */
  readonly decode?: (bytes: Uint8Array, types: TypeResolver) => MessageShape<Input>;
  readonly signers: (message: MessageShape<Input>) => readonly Uint8Array[];
  readonly validateBasic?: (message: MessageShape<Input>) => void;
  readonly handle: (context: Context, message: MessageShape<Input>) => MessageInitShape<Output>;
}

/** A route from generated message types; unknown fields are refused. */
export function messageRoute<Input extends DescMessage, Output extends DescMessage>(
  options: MessageRouteOptions<Input, Output>,
): MessageRoute<MessageShape<Input>> {
  const { schema, response, decode, validateBasic } = options;
  const responseUrl = `/${response.typeName}`;
  const hasNoFields = response.fields.length === 0;
  return {
    typeUrl: `/${schema.typeName}`,
    schema,
    decode:
      decode ??
      ((bytes, types) =>
        decodeMessage(schema, bytes, { unknown: "reject", types, sharesBytes: true })),
    encode: (message) => encodeMessage(schema, message),
    signers: options.signers,
    ...(validateBasic === undefined ? {} : { validateBasic }),
    handle: (context, message) => {
      const answer = options.handle(context, message);
      const value = hasNoFields ? new Uint8Array() : encodeMessage(response, answer);
      return { response: { typeUrl: responseUrl, value } };
    },
  };
}

/** Asked before each handler runs. @throws {PlainError} to refuse the message. */
export type MessageGuard = (context: Context, typeUrl: string) => void;

export class MessageRouter {
  readonly #routes = new Map<string, MessageRoute<unknown>>();
  readonly #guard: MessageGuard | undefined;

  /** @param guard applies wherever a message comes from: a transaction, a contract, a proposal. */
  constructor(guard?: MessageGuard) {
    this.#guard = guard;
  }

  /** Each type URL has one handler. */
  register<Message>(route: MessageRoute<Message>): void {
    invariant(!this.#routes.has(route.typeUrl), `${route.typeUrl} has one handler`);
    const guard = this.#guard;
    const guarded: MessageRoute<Message> =
      guard === undefined
        ? route
        : {
            ...route,
            handle: (context, message) => {
              guard(context, route.typeUrl);
              return route.handle(context, message);
            },
          };
    this.#routes.set(route.typeUrl, guarded as MessageRoute<unknown>);
  }

  route(typeUrl: string): MessageRoute<unknown> | undefined {
    return this.#routes.get(typeUrl);
  }

  get routes(): Iterable<MessageRoute<unknown>> {
    return this.#routes.values();
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
