/** What an authorization must be able to say. */
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import type { AnyValue, Context } from "@tacit/sdk";

/** A message that someone wants to send in the granter's name. */
export interface AskedMessage {
  readonly typeUrl: string;
  readonly value: unknown;
}

/** What becomes of the grant once the message is allowed. */
export type Accepted =
  | { readonly kind: "keep" }
  | { readonly kind: "delete" }
  | { readonly kind: "update"; readonly authorization: Any };

/** One type of authorization, read from its Any. */
export interface Authorization {
  /** As it is stored: encoded anew. */
  readonly any: Any;
  /** The messages it allows. @throws {SdkError} if it names none. */
  typeUrl(): string;
  /** @throws {SdkError} and {PlainError}. */
  validate(): void;
  /** @throws {SdkError} if it does not allow the message. */
  accept(context: Context, message: AskedMessage): Accepted;
}

export interface AuthorizationKind {
  readonly schema: DescMessage;
  read(any: AnyValue): Authorization;
}

/** A kind from its rules. */
export function authorizationKind<Desc extends DescMessage>(
  schema: Desc,
  rules: {
    readonly typeUrl: (message: MessageShape<Desc>) => string;
    readonly validate: (message: MessageShape<Desc>) => void;
    readonly accept: (
      context: Context,
      message: MessageShape<Desc>,
      asked: AskedMessage,
    ) => "keep" | "delete" | MessageShape<Desc>;
  },
): AuthorizationKind {
  const toAny = (message: MessageShape<Desc>): Any => ({
    $typeName: "google.protobuf.Any",
    typeUrl: `/${schema.typeName}`,
    value: encodeMessage(schema, message as never),
  });
  return {
    schema,
    read: ({ value }) => {
      const message = decodeMessage(schema, value);
      return {
        any: toAny(message),
        typeUrl: () => rules.typeUrl(message),
        validate: () => rules.validate(message),
        accept: (context, asked) => {
          const result = rules.accept(context, message, asked);
          if (result === "keep" || result === "delete") return { kind: result };
          return { kind: "update", authorization: toAny(result) };
        },
      };
    },
  };
}
