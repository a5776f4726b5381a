/** The switch and who may turn it. The store `emergencybutton` has one value. */
import { create } from "@bufbuild/protobuf";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  type Params,
  ParamsSchema,
} from "@tacit/encoding/proto/secret/emergencybutton/v1beta1/params";
import type { AddressCodec, Context } from "@tacit/sdk";
import { emergencyButtonErrors } from "./errors.ts";

export const emergencyButtonStoreName = "emergencybutton";

const paramsKey = Uint8Array.of(0x01);

export function defaultParams(): Params {
  return create(ParamsSchema, { switchStatus: "on" });
}

/** Empty before genesis wrote them. */
export function getParams(context: Context): Params {
  const bytes = context.kvStore(emergencyButtonStoreName).get(paramsKey);
  return bytes === undefined ? create(ParamsSchema) : decodeMessage(ParamsSchema, bytes);
}

/** @throws {EncodingError} and {PlainError} if the pauser is set and no address. */
export function setParams(context: Context, addresses: AddressCodec, params: Params): void {
  validateParams(addresses, params);
  context.kvStore(emergencyButtonStoreName).set(paramsKey, encodeMessage(ParamsSchema, params));
}

/** Any status passes, as upstream: only `off` pauses. */
export function validateParams(addresses: AddressCodec, { pauserAddress }: Params): void {
  if (pauserAddress !== "") addresses.toBytes(pauserAddress);
}

export function isPaused(context: Context): boolean {
  return getParams(context).switchStatus === "off";
}

/** Packets are sent only while the switch is not off. @throws {SdkError} `emergencybutton/1`. */
export function assertNotPaused(context: Context): void {
  if (!isPaused(context)) return;
  throw emergencyButtonErrors.paused.wrap("Ibc packets are currently paused in the network");
}
