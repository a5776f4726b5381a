/**
 * Messages to bytes and back, byte for byte as Go's gogoproto does it.
 *
 * For each message type a plan of closures is made from its descriptor when it is first used.
 * Differences from plain protobuf, all of them gogoproto's: embedded messages and numbers that
 * are Go values (`nullable = false`) are written even when empty, and a oneof stands where its
 * highest field number would.
 */
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { decodeFields, type UnknownFields } from "./codec-decode.ts";
import { encodePlan } from "./codec-encode.ts";
import { Reader, withWriter } from "./wire.ts";

export interface DecodeOptions {
  /**
   * `skip` (default) drops them; `reject` throws; `reject_critical` throws unless bit 11 of the
   * field number is set. The last two look into every Any, whose type must then be known.
   */
  readonly unknown?: UnknownFields;
  /** Finds the types of Any values; needed unless `unknown` is `skip`. */
  readonly types?: { getMessage(typeName: string): DescMessage | undefined };
  /**
   * Long byte fields may be views of the bytes, which then never change: for messages that live no
   * longer than their bytes do.
   */
  readonly sharesBytes?: boolean;
}

/** @param message absent fields count as default; the message is not kept or changed. */
export function encodeMessage<Desc extends DescMessage>(
  schema: Desc,
  message: MessageInitShape<Desc>,
): Uint8Array {
  const encode = encodePlan(schema);
  return withWriter((writer) => encode(writer, message as Record<string, unknown>));
}

/**
 * @param bytes not kept, unless asked for: the message owns copies.
 * @throws {EncodingError} on anything but one complete message of this type.
 */
export function decodeMessage<Desc extends DescMessage>(
  schema: Desc,
  bytes: Uint8Array,
  options?: DecodeOptions,
): MessageShape<Desc> {
  const context = {
    unknown: options?.unknown ?? ("skip" as const),
    types: options?.types,
    depth: 0,
  };
  const reader = new Reader(bytes);
  reader.sharesBytes = options?.sharesBytes ?? false;
  return decodeFields(schema, reader, context) as MessageShape<Desc>;
}
