/** The network's public keys, and who else may have its secrets. */
import {
  RaAuthenticateResponseSchema,
  RaAuthenticateSchema,
} from "@tacit/encoding/proto/secret/registration/v1beta1/msg";
import { type Module, messageRoute } from "@tacit/sdk";
import { exportGenesis, initGenesis } from "./genesis.ts";
import { authenticate, validateAuthenticate } from "./handlers.ts";
import { queries, queryService } from "./queries.ts";

/** Whom this module tells of nodes that were not let in. */
export interface RefusalRecords {
  refused(certificate: Uint8Array, reason: string): void;
}

/** @param records absent where nobody will ask. */
export function createRegistrationModule(records?: RefusalRecords): Module {
  return {
    name: "register",
    register: ({ messages, queries: router }) => {
      messages.register(
        messageRoute({
          schema: RaAuthenticateSchema,
          response: RaAuthenticateResponseSchema,
          signers: ({ sender }) => [sender],
          validateBasic: validateAuthenticate,
          handle: (context, message) => authenticate(context, message, records),
        }),
      );
      router.register(queryService, queries);
    },
    initGenesis,
    exportGenesis,
  };
}
