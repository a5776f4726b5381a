/** What governance decides about contracts, and the admin who submits to it. */
import type {
  MsgContractGovernanceProposal,
  MsgSetContractGovernance,
  MsgUpdateParams,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { type Context, createEvent, registerError, sdkErrors } from "@tacit/sdk";
import { getContractInfo, setContractInfo } from "../contracts.ts";
import { computeErrors } from "../errors.ts";
import { messageEvent } from "../events.ts";
import { setAuthorizedAdmin, setAuthorizedMigration } from "../governance.ts";
import { setParams } from "../params.ts";
import { checkTextAddress } from "../validation.ts";
import type { HandlerEnvironment } from "./environment.ts";

/** Codespace `gov`: the message is not from the governance account. */
const invalidSigner = registerError(
  "gov",
  13,
  "expected gov account as only signer for proposal message",
);

export function updateParams(
  env: HandlerEnvironment,
  context: Context,
  message: MsgUpdateParams,
): Record<string, never> {
  assertAuthority(env, message.authority);
  if (message.params === undefined) throw sdkErrors.invalidRequest.wrap("params are required");
  setParams(context, message.params);
  return {};
}

export function governContracts(
  env: HandlerEnvironment,
  context: Context,
  message: MsgContractGovernanceProposal,
): Record<string, never> {
  assertAuthority(env, message.authority);
  const type = "contract_governance_proposal";
  for (const { address, newCodeId } of message.contracts) {
    setAuthorizedMigration(context, address, newCodeId);
    context.events.emit(
      createEvent(
        type,
        ["contract_address", address],
        ["code_id", newCodeId.toString()],
        ["sender", message.authority],
      ),
    );
  }
  for (const { address, newAdmin } of message.adminUpdates) {
    setAuthorizedAdmin(context, address, newAdmin);
    context.events.emit(
      createEvent(
        type,
        ["contract_address", address],
        ["new_admin", newAdmin],
        ["sender", message.authority],
      ),
    );
  }
  return {};
}

/** Only ever switched on. @throws {SdkError} `compute/9`, `sdk/4`. */
export function setGovernance(
  env: HandlerEnvironment,
  context: Context,
  message: MsgSetContractGovernance,
): Record<string, never> {
  const { addresses } = env.options;
  const contract = checkTextAddress(addresses, message.contractAddress, "contract");
  const info = getContractInfo(context, contract);
  if (info === undefined) throw computeErrors.notFound.wrap("contract");
  if (info.admin !== message.sender) {
    throw sdkErrors.unauthorized.wrap("only contract admin can change governance requirement");
  }
  setContractInfo(context, contract, { ...info, requireGovernance: true });
  context.events.emit(
    messageEvent(
      message.sender,
      ["contract_address", message.contractAddress],
      ["require_governance", "true"],
    ),
  );
  return {};
}

/** @throws {SdkError} `gov/13` */
export function assertAuthority(env: HandlerEnvironment, authority: string): void {
  const { authority: expected } = env.options;
  if (authority === expected) return;
  throw invalidSigner.wrap(`invalid authority; expected ${expected}, got ${authority}`);
}
