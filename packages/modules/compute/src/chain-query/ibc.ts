/** `ibc{port_id, list_channels, channel}`, on a chain that has no channels yet. */
import { utf8Bytes } from "@tacit/sdk";
import { getContractInfo } from "../contracts.ts";
import { type JsonObject, readString, readVariant } from "../json.ts";
import type { QueryEnvironment } from "./answer.ts";
import { unsupported } from "./errors.ts";

export function queryIbc(env: QueryEnvironment, content: JsonObject): Uint8Array {
  const [variant, fields] = readVariant(content, "ibc");
  return utf8Bytes(JSON.stringify(answer(env, variant, fields)));
}

function answer(env: QueryEnvironment, variant: string, fields: JsonObject): object {
  switch (variant) {
    case "port_id":
      return { port_id: getContractInfo(env.context, env.caller)?.ibcPortId ?? "" };
    case "list_channels":
      return { channels: [] };
    case "channel":
      readString(fields, "channel_id");
      return {};
    default:
      throw unsupported("unknown IBCQuery variant");
  }
}
