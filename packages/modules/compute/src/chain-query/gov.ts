/** `gov{proposals}`: those that one can vote on. */
import { type Proposal, ProposalStatus } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { utf8Bytes } from "@tacit/sdk";
import { type JsonObject, readVariant } from "../json.ts";
import type { QueryEnvironment } from "./answer.ts";
import { unsupported } from "./errors.ts";

export function queryGov(env: QueryEnvironment, content: JsonObject): Uint8Array {
  const [variant] = readVariant(content, "gov");
  if (variant !== "proposals") throw unsupported("unknown GovQuery variant");
  const proposals: string[] = [];
  for (const proposal of env.collaborators.proposals.proposals(env.context)) {
    if (proposal.status === ProposalStatus.VOTING_PERIOD) proposals.push(proposalJson(proposal));
  }
  return utf8Bytes(`{"proposals":[${proposals.join(",")}]}`);
}

/** Times in seconds; numbers are 64-bit. */
function proposalJson({ id, votingStartTime, votingEndTime }: Proposal): string {
  const [start, end] = [votingStartTime?.seconds ?? 0n, votingEndTime?.seconds ?? 0n];
  return `{"id":${id},"voting_start_time":${start},"voting_end_time":${end}}`;
}
