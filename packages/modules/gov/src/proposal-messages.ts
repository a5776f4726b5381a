/** What a proposal proposes: messages that the module's account signs. */
import { toCompactText } from "@tacit/encoding";
import {
  type AbciEvent,
  type AnyValue,
  assertNumbers,
  type Context,
  EventManager,
  type MessageRoute,
  type MessageRouter,
  PlainError,
  type TypeResolver,
} from "@tacit/sdk";

export interface ProposalMessage {
  readonly route: MessageRoute<unknown>;
  readonly value: unknown;
}

/** Messages as transactions carry them. @throws {ProtocolError} if one is none of this network. */
export function unpackMessages(
  list: readonly AnyValue[],
  messages: MessageRouter,
  types: TypeResolver,
): readonly ProposalMessage[] {
  return list.map(({ typeUrl, value: bytes }) => {
    const route = messages.route(typeUrl);
    if (route === undefined) throw new PlainError(`unable to resolve type URL ${typeUrl}`);
    const value = route.decode(bytes, types);
    assertNumbers(route.schema, value, types);
    return { route, value };
  });
}

/** As the SDK keeps it: encoded anew, whatever the bytes of the transaction were. */
export function packMessage({ route, value }: ProposalMessage): AnyValue & {
  readonly $typeName: "google.protobuf.Any";
} {
  return { $typeName: "google.protobuf.Any", typeUrl: route.typeUrl, value: route.encode(value) };
}

/** As Go prints it. */
export function printMessage({ route, value }: ProposalMessage): string {
  // biome-ignore lint/suspicious/noExplicitAny: a decoded message is of its route's schema
  return toCompactText(route.schema, value as any);
}

/** Runs a message on `context`. @returns its events, which do not go to the context's. */
export function runMessage(
  context: Context,
  { route, value }: ProposalMessage,
): readonly AbciEvent[] {
  const events = new EventManager();
  route.validateBasic?.(value);
  route.handle(context.with({ events }), value);
  return events.events;
}
