import { utf8Bytes } from "@tacit/sdk";

export const consensusStoreName = "consensus";
/** Protobuf ConsensusParams: the store's only key. */
export const paramsKey: Uint8Array = utf8Bytes("Consensus");
