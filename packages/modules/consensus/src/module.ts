/** Consensus parameters: a query, and a message of governance. */
import { Query } from "@tacit/encoding/proto/cosmos/consensus/v1/query";
import {
  MsgUpdateParamsResponseSchema,
  MsgUpdateParamsSchema,
} from "@tacit/encoding/proto/cosmos/consensus/v1/tx";
import {
  type AddressCodec,
  type ConsensusParamsStore,
  grpcError,
  type Module,
  messageRoute,
} from "@tacit/sdk";
import { updateParams } from "./handlers.ts";
import { paramsToWire } from "./params.ts";

export interface ConsensusModuleOptions {
  readonly addresses: AddressCodec;
  /** Bech32 address of the governance account. */
  readonly authority: string;
}

/**
 * The parameters of genesis are the genesis document's own, which the frame puts into `params`;
 * the module has no part of `app_state`.
 */
export function createConsensusModule(
  { addresses, authority }: ConsensusModuleOptions,
  { params }: { readonly params: ConsensusParamsStore },
): Module {
  return {
    name: "consensus",
    register: ({ messages, queries }) => {
      messages.register(
        messageRoute({
          schema: MsgUpdateParamsSchema,
          response: MsgUpdateParamsResponseSchema,
          signers: (message) => [addresses.toBytes(message.authority)],
          handle: (context, message) => updateParams({ authority, params }, context, message),
        }),
      );
      queries.register(Query, {
        params: (context) => {
          const current = params.get(context);
          if (current === undefined) throw grpcError.notFound("consensus parameters");
          return { params: paramsToWire(current) };
        },
      });
    },
  };
}
