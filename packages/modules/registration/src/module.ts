/** The network's public keys, and who else may have its secrets. */
import {
  RaAuthenticateResponseSchema,
  RaAuthenticateSchema,
} from "@tacit/encoding/proto/secret/registration/v1beta1/msg";
import { type Module, messageRoute } from "@tacit/sdk";
import { exportGenesis, initGenesis } from "./genesis.ts";
import { authenticate, validateAuthenticate } from "./handlers.ts";
import { queries, queryService } from "./queries.ts";

export function createRegistrationModule(): Module {
  return {
    name: "register",
    register: ({ messages, queries: router }) => {
      messages.register(
        messageRoute({
          schema: RaAuthenticateSchema,
          response: RaAuthenticateResponseSchema,
          signers: ({ sender }) => [sender],
          validateBasic: validateAuthenticate,
          handle: authenticate,
        }),
      );
      router.register(queryService, queries);
    },
    initGenesis,
    exportGenesis,
  };
}
