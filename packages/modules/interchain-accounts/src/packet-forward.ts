/** Packet forwarding, of which only the question about its fee exists before IBC. */
import { Query } from "@tacit/encoding/proto/packetforward/v1/query";
import type { Module } from "@tacit/sdk";

/**
 * Version 8.2 of the middleware keeps no parameters and takes no fee. Clients still ask for the
 * fee's percentage, so it is answered: nothing.
 */
export function createPacketForwardModule(): Module {
  return {
    name: "packetfowardmiddleware",
    register: ({ queries }) => {
      queries.register(Query, { params: () => ({ params: { feePercentage: "0" } }) });
    },
  };
}
