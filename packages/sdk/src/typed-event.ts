/** Events that are protobuf messages. */
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { toClientJson } from "@tacit/encoding";
import type { AbciEvent } from "./abci.ts";
import { createEvent } from "./events.ts";
import { TypeRegistry } from "./types.ts";

const noTypes = new TypeRegistry();

/** The message's full name, and its fields as JSON texts sorted by name. */
export function typedEvent<Desc extends DescMessage>(
  schema: Desc,
  fields: MessageInitShape<Desc>,
): AbciEvent {
  const json = toClientJson(schema, create(schema, fields), noTypes) as Record<string, unknown>;
  const attributes = Object.keys(json)
    .sort()
    .map((key) => [key, JSON.stringify(json[key])] as const);
  return createEvent(schema.typeName, ...attributes);
}
