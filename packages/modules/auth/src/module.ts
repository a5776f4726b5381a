/** The module as the frame sees it. */
import {
  MsgUpdateParamsResponseSchema,
  MsgUpdateParamsSchema,
} from "@tacit/encoding/proto/cosmos/auth/v1beta1/tx";
import { type Module, messageRoute, type TypeResolver } from "@tacit/sdk";
import { accountSchemas } from "./account.ts";
import { authErrors } from "./errors.ts";
import { defaultGenesis, exportGenesis, initGenesis } from "./genesis.ts";
import type { AccountKeeper } from "./keeper.ts";
import { defaultParams, validateParams } from "./params.ts";
import { publicKeySchemas } from "./public-key.ts";
import { registerQueries } from "./queries.ts";

/** Accounts: who may sign, with which key and which sequence. */
export function createAuthModule(keeper: AccountKeeper, types: TypeResolver): Module {
  const { addresses } = keeper.options;
  const authority = addresses.toText(keeper.options.authority);
  return {
    name: "auth",
    register: (services) => {
      services.types.register(...publicKeySchemas, ...accountSchemas);
      registerQueries(services.queries, keeper);
      services.messages.register(
        messageRoute({
          schema: MsgUpdateParamsSchema,
          response: MsgUpdateParamsResponseSchema,
          signers: (message) => [addresses.toBytes(message.authority)],
          handle: (context, message) => {
            if (message.authority !== authority) {
              throw authErrors.wrongAuthority(authority, message.authority);
            }
            const params = message.params ?? { ...defaultParams, txSigLimit: 0n };
            validateParams(params);
            keeper.setParams(context, params);
            return {};
          },
        }),
      );
    },
    defaultGenesis: () => defaultGenesis(types),
    initGenesis: (context, state) => {
      initGenesis(context, keeper, types, state);
      return undefined;
    },
    exportGenesis: (context) => exportGenesis(context, keeper, types),
  };
}
