/** MsgStoreCode: a new code, with a new id even if it is an old one's twin. */
import { create } from "@bufbuild/protobuf";
import type { MsgStoreCode } from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { CodeInfoSchema } from "@tacit/encoding/proto/secret/compute/v1beta1/types";
import { type Context, createEvent } from "@tacit/sdk";
import { setCodeInfo, takeId } from "../contracts.ts";
import { computeErrors } from "../errors.ts";
import { messageEvent } from "../events.ts";
import { lastCodeIdKey } from "../keys.ts";
import { WASM_BYTES_MAX } from "../limits.ts";
import { compileGas, getParams } from "../params.ts";
import { uncompress } from "../uncompress.ts";
import type { HandlerEnvironment } from "./environment.ts";

/** @throws {SdkError} `compute/15` if the code is none, `compute/31` if it is too large. */
export function storeCode(
  env: HandlerEnvironment,
  context: Context,
  message: MsgStoreCode,
): { readonly codeId: bigint } {
  const sender = env.options.addresses.toText(message.sender);
  context.events.emit(messageEvent(sender, ["signer", sender]));
  const code = payForCode(context, message.wasmByteCode);
  const { codeHash } = env.calls.checkCode(context, code);
  const codeId = takeId(context, lastCodeIdKey);
  const { source, builder } = message;
  const info = create(CodeInfoSchema, { codeHash, creator: message.sender, source, builder });
  setCodeInfo(context, codeId, info);
  if (context.mode === "finalize") env.collaborators.codes.put(codeHash, code);
  context.events.emit(createEvent("message", ["code_id", codeId.toString()]));
  return { codeId };
}

/** Unpacks the code and charges for compiling it. */
function payForCode(context: Context, bytes: Uint8Array): Uint8Array {
  const unpacked = uncompress(bytes);
  const params = getParams(context);
  const sizeBytes = unpacked.kind === "code" ? unpacked.code.length : WASM_BYTES_MAX;
  if (BigInt(sizeBytes) > params.maxContractSize) throw computeErrors.contractTooLarge.make();
  context.gasMeter.consume(compileGas(params, sizeBytes), "Compiling WASM Bytecode");
  if (unpacked.kind === "code") return unpacked.code;
  throw computeErrors.createFailed.wrap(`uncompressed code exceeds ${WASM_BYTES_MAX} bytes`);
}
