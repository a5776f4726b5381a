/** The query service (privacy protocol section 1.3). */
import { toBase64 } from "@tacit/encoding";
import { Query } from "@tacit/encoding/proto/secret/registration/v1beta1/query";
import { type QueryImplementation, utf8Bytes } from "@tacit/sdk";
import { registrationErrors } from "./errors.ts";
import { getNetworkKeys, getNode, type NetworkKeys } from "./keeper.ts";

export const queryService = Query;

export const queries: QueryImplementation<typeof Query> = {
  txKey: (context) => ({ key: getNetworkKeys(context).ioPublicKey }),
  registrationKey: (context) => ({ key: utf8Bytes(keysJson(getNetworkKeys(context))) }),
  encryptedSeed: (context, { pubKey }) => {
    if (pubKey.length === 0) throw registrationErrors.invalid.wrap("public key");
    return { encryptedSeed: getNode(context, pubKey).encryptedSeed };
  },
};

/** Go's JSON of the genesis, with names of its own. */
function keysJson(keys: NetworkKeys): string {
  return JSON.stringify({
    reg_info: null,
    node_exch_key: { bytes: toBase64(keys.seedExchangePublicKey) },
    io_exch_key: { bytes: toBase64(keys.ioPublicKey) },
  });
}
