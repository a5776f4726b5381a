/** Messages of contracts with the v0.10 interface, as those of v1 (section 7.5). */
import { PlainError } from "@tacit/sdk";
import { type JsonObject, readString } from "../json.ts";
import type { ContractMessage } from "./sub-message.ts";

/** Variants that survive the conversion; migrate and admin messages of v0.10 are lost on the network too. */
const knownVariants: Readonly<Record<string, readonly string[]>> = {
  bank: ["send"],
  staking: ["delegate", "undelegate", "redelegate", "withdraw"],
  wasm: ["execute", "instantiate"],
  gov: ["vote"],
};

/**
 * @param contract bech32 address of the contract that sends.
 * @throws {PlainError} for messages the conversion does not know, and for a bank message that
 *   would spend what is another's.
 */
export function convertV010(message: ContractMessage, contract: string): ContractMessage {
  const { kind, variant, fields } = message;
  if (kind === "finalize_tx" || kind === "custom") return message;
  if (!knownVariants[kind]?.includes(variant)) {
    throw new PlainError("exactly one message type is supported");
  }
  if (kind === "bank") return { kind, variant, fields: bankFields(fields, contract) };
  if (kind === "gov") return { kind, variant, fields: voteFields(fields) };
  return message;
}

function bankFields(fields: JsonObject, contract: string): JsonObject {
  if (readString(fields, "from_address") !== contract) {
    throw new PlainError(
      "contract doesn't have permission to send funds from another account (using BankMsg)",
    );
  }
  const { to_address, amount } = fields;
  return { to_address, amount };
}

/**
 * Every vote of a v0.10 contract counts as yes on the network: its capitalised options are not
 * found in a table of lower-case ones, whose zero value is yes. Contracts that work there rely on
 * nothing else, so this is kept.
 */
function voteFields(fields: JsonObject): JsonObject {
  return { proposal_id: fields.proposal, vote: "yes" };
}
