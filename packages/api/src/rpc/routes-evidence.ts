import { toBase64 } from "@tacit/encoding";
import { ProtocolError } from "@tacit/encoding/errors";
import type { RpcContext } from "./context.ts";
import { evidenceFromJson } from "./evidence-from-json.ts";
import type { Json } from "./json-chain.ts";
import type { Params } from "./params.ts";
import { refuse } from "./rpc-error.ts";

/** Answers with the hash, in base64, of evidence that holds: it stands in the next block. */
export async function broadcastEvidence({ chain }: RpcContext, params: Params): Promise<Json> {
  if (!params.has("evidence")) refuse("no evidence was provided");
  const evidence = evidenceFromJson(params.json("evidence"));
  try {
    return { hash: toBase64(await chain.addEvidence(evidence)) };
  } catch (error) {
    if (error instanceof ProtocolError) refuse(`failed to add evidence: ${error.message}`);
    throw error;
  }
}
