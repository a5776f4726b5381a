/** Where consensus parameters live. */
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { ConsensusParamsSchema } from "@tacit/encoding/proto/tendermint/types/params";
import {
  type ConsensusParams,
  type ConsensusParamsStore,
  type Context,
  createInfiniteGasMeter,
} from "@tacit/sdk";
import { consensusStoreName, paramsKey } from "./keys.ts";
import { paramsFromWire, paramsToWire } from "./params.ts";

/** Reads and writes without gas: the frame asks at every block, no transaction pays for it. */
export function createConsensusParamsStore(): ConsensusParamsStore {
  return { get, set, gasOfReading };
}

function get(context: Context): ConsensusParams | undefined {
  const bytes = context.freeKvStore(consensusStoreName).get(paramsKey);
  if (bytes === undefined) return undefined;
  return paramsFromWire(decodeMessage(ConsensusParamsSchema, bytes));
}

function set(context: Context, params: ConsensusParams): void {
  const bytes = encodeMessage(ConsensusParamsSchema, paramsToWire(params));
  context.freeKvStore(consensusStoreName).set(paramsKey, bytes);
}

function gasOfReading(context: Context): bigint {
  const gasMeter = createInfiniteGasMeter();
  context.withGasMeter(gasMeter).kvStore(consensusStoreName).get(paramsKey);
  return gasMeter.consumed;
}
