/** `wasm{smart, raw, contract_info}` */
import { sdkErrors, utf8Bytes } from "@tacit/sdk";
import { getContractInfo } from "../contracts.ts";
import { chargeRawRead } from "../gas.ts";
import { type JsonObject, readBytes, readString, readVariant } from "../json.ts";
import type { QueryEnvironment } from "./answer.ts";
import { accountOf, unsupported } from "./errors.ts";

export function queryWasm(env: QueryEnvironment, content: JsonObject, depth: number): Uint8Array {
  const [variant, fields] = readVariant(content, "wasm");
  const address = () => accountOf(env.options.addresses, readString(fields, "contract_addr"));
  switch (variant) {
    case "smart":
      return env.calls.query(env.context, {
        contract: address(),
        message: readBytes(fields, "msg"),
        depth,
      });
    case "raw":
      // Records are encrypted and under keys the asker cannot know, so there is never one to find.
      chargeRawRead(env.context, address(), readBytes(fields, "key").length);
      return utf8Bytes("[]");
    case "contract_info":
      return contractInfo(env, address(), readString(fields, "contract_addr"));
    default:
      throw unsupported("unknown WasmQuery variant");
  }
}

/** Without the admin, as on the network. */
function contractInfo(env: QueryEnvironment, address: Uint8Array, text: string): Uint8Array {
  const info = getContractInfo(env.context, address);
  if (info === undefined) throw sdkErrors.invalidAddress.wrap(text);
  const creator = env.options.addresses.toText(info.creator);
  const port = info.ibcPortId === "" ? "" : `,"ibc_port":${JSON.stringify(info.ibcPortId)}`;
  return utf8Bytes(
    `{"code_id":${info.codeId},"creator":${JSON.stringify(creator)},"pinned":false${port}}`,
  );
}
