/** What the checks of all parts share. */
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { EncodingError, fromClientJson, type JsonValue } from "@tacit/encoding";
import { type AddressCodec, createAddressCodec } from "@tacit/sdk";
import type { Composition } from "../composition.ts";
import type { Problems } from "./problems.ts";

export interface CheckEnvironment {
  readonly composition: Composition;
  readonly problems: Problems;
  readonly accounts: AddressCodec;
  readonly operators: AddressCodec;
  readonly consensus: AddressCodec;
  readonly state: { readonly [module: string]: JsonValue };
}

export function createEnvironment(
  composition: Composition,
  state: CheckEnvironment["state"],
  problems: Problems,
): CheckEnvironment {
  const { prefix } = composition.addresses;
  return {
    composition,
    problems,
    state,
    accounts: composition.addresses,
    operators: createAddressCodec(`${prefix}valoper`),
    consensus: createAddressCodec(`${prefix}valcons`),
  };
}

/** A module's part, read; undefined if it is absent or of another shape, which is a problem. */
export function readPart<Schema extends DescMessage>(
  { composition, problems, state }: CheckEnvironment,
  module: string,
  schema: Schema,
): MessageShape<Schema> | undefined {
  const json = state[module];
  if (json === undefined || json === null) return undefined;
  try {
    return fromClientJson(schema, json, { types: composition.types });
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    const { failure } = error;
    const inside = failure.code === "encoding/json" ? failure.path : "";
    problems.add(
      "genesis/shape",
      inside === ""
        ? `app_state.${module}`
        : `app_state.${module}.${inside}`.replace(/\.(\d+)(?=\.|$)/g, "[$1]"),
      inside === "" ? error.message : error.message.replace(`${inside}: `, ""),
      "Write it as the module's own export does; numbers beyond 32 bits are text.",
    );
    return undefined;
  }
}

const addressHint = "Correct the address; `tacit genesis validate` finds the next.";

/** An address's bytes; what is no address of the network is a problem. */
export function readAddress(
  { problems }: CheckEnvironment,
  codec: AddressCodec,
  { text, path }: { readonly text: string; readonly path: string },
): Uint8Array | undefined {
  return problems.attempt("genesis/address", path, {
    read: () => codec.toBytes(text),
    hint: addressHint,
  });
}
