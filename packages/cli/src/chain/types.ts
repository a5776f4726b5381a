/** The network's messages, as JSON with an `@type` and as protobuf. */
import { createNetworkTypes } from "@tacit/api/network";
import {
  type AnyValue,
  EncodingError,
  encodeMessage,
  fromClientJson,
  type JsonValue,
  type TypeRegistry,
} from "@tacit/encoding";
import { CliError } from "../errors.ts";

/** A message as clients write it. */
export type JsonMessage = { readonly "@type": string } & { readonly [field: string]: JsonValue };

let registry: TypeRegistry | undefined;

/** Made at first use: it has some hundred types. */
export function networkTypes(): TypeRegistry {
  registry ??= createNetworkTypes();
  return registry;
}

/** @throws {CliError} `cli/json` naming the field that does not fit. */
export function packMessage(message: JsonMessage): AnyValue {
  const { "@type": typeUrl, ...fields } = message;
  const types = networkTypes();
  const schema = types.getMessage(typeUrl.slice(1));
  if (schema === undefined) {
    const hint = "Messages begin with their type: /cosmos.bank.v1beta1.MsgSend.";
    throw new CliError("cli/json", `This network has no message ${typeUrl}.`, hint);
  }
  try {
    return { typeUrl, value: encodeMessage(schema, fromClientJson(schema, fields, { types })) };
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause;
    const { failure } = cause;
    const path = "path" in failure && failure.path !== "" ? ` at ${failure.path}` : "";
    throw new CliError("cli/json", `${typeUrl}${path}: ${cause.message}.`, undefined, { cause });
  }
}
