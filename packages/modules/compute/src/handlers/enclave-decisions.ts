/**
 * Reports of governance's decisions about enclaves. They are events and nothing more: a simulated
 * enclave has no other code to hand its seeds to, and no machines to tell apart.
 */
import { toHex } from "@tacit/encoding";
import type {
  MsgUpdateMachineWhitelist,
  MsgUpdateMachineWhitelistProposal,
  MsgUpgradeProposalPassed,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { type Context, createEvent } from "@tacit/sdk";
import type { HandlerEnvironment } from "./environment.ts";
import { assertAuthority } from "./govern.ts";

/** The network writes the measurement as raw bytes, which clients cannot read; here it is hex. */
export function reportUpgrade(
  context: Context,
  { senderAddress, mrEnclaveHash }: MsgUpgradeProposalPassed,
): Record<string, never> {
  context.events.emit(
    createEvent("execute", ["sender", senderAddress], ["mrenclave", toHex(mrEnclaveHash)]),
  );
  return {};
}

export function decideWhitelist(
  env: HandlerEnvironment,
  context: Context,
  { authority, machineId }: MsgUpdateMachineWhitelistProposal,
): Record<string, never> {
  assertAuthority(env, authority);
  context.events.emit(
    createEvent(
      "machine_whitelist_proposal",
      ["machine_id", lengthInHex(machineId)],
      ["sender", authority],
    ),
  );
  return {};
}

export function reportWhitelist(
  context: Context,
  { sender, proposalId, machineId }: MsgUpdateMachineWhitelist,
): Record<string, never> {
  context.events.emit(
    createEvent(
      "machine_whitelist_update",
      ["proposal_id", proposalId.toString()],
      ["machine_id", lengthInHex(machineId)],
      ["sender", sender],
    ),
  );
  return {};
}

/** What the network writes under `machine_id`: the length of the text, in hex. */
function lengthInHex(text: string): string {
  return text.length.toString(16);
}
