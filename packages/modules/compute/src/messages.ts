/** The module's messages: who signs them, how they are checked, what handles them. */
import * as msg from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { type MessageRouter, messageRoute } from "@tacit/sdk";
import { checkUpgradePassed, checkWhitelist } from "./enclave-decisions.ts";
import { clearAdmin, updateAdmin } from "./handlers/admin.ts";
import { decideWhitelist, reportUpgrade, reportWhitelist } from "./handlers/enclave-decisions.ts";
import type { HandlerEnvironment } from "./handlers/environment.ts";
import { executeContract } from "./handlers/execute.ts";
import { governContracts, setGovernance, updateParams } from "./handlers/govern.ts";
import { instantiateContract } from "./handlers/instantiate.ts";
import { migrateContract } from "./handlers/migrate.ts";
import { storeCode } from "./handlers/store-code.ts";
import * as check from "./validation.ts";

/** Type URLs of messages with which the enclave is called, and whose signatures it verifies itself. */
export const enclaveMessages: ReadonlySet<string> = new Set(
  [
    msg.MsgInstantiateContractSchema,
    msg.MsgExecuteContractSchema,
    msg.MsgMigrateContractSchema,
    msg.MsgUpdateAdminSchema,
    msg.MsgClearAdminSchema,
  ].map(({ typeName }) => `/${typeName}`),
);

export function registerMessages(env: HandlerEnvironment, messages: MessageRouter): void {
  registerContractMessages(env, messages);
  registerAdminMessages(env, messages);
  registerGovernanceMessages(env, messages);
  registerEnclaveMessages(env, messages);
}

/** Their senders are raw address bytes. */
function registerContractMessages(env: HandlerEnvironment, messages: MessageRouter): void {
  messages.register(
    messageRoute({
      schema: msg.MsgStoreCodeSchema,
      response: msg.MsgStoreCodeResponseSchema,
      signers: ({ sender }) => [sender],
      validateBasic: check.checkStoreCode,
      handle: (context, message) => storeCode(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: msg.MsgInstantiateContractSchema,
      response: msg.MsgInstantiateContractResponseSchema,
      signers: ({ sender }) => [sender],
      validateBasic: check.checkInstantiate,
      handle: (context, message) => instantiateContract(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: msg.MsgExecuteContractSchema,
      response: msg.MsgExecuteContractResponseSchema,
      signers: ({ sender }) => [sender],
      validateBasic: check.checkExecute,
      handle: (context, message) => executeContract(env, context, message),
    }),
  );
}

function registerAdminMessages(env: HandlerEnvironment, messages: MessageRouter): void {
  const { addresses } = env.options;
  messages.register(
    messageRoute({
      schema: msg.MsgMigrateContractSchema,
      response: msg.MsgMigrateContractResponseSchema,
      signers: ({ sender }) => [addresses.toBytes(sender)],
      validateBasic: (message) => check.checkMigrate(message, addresses),
      handle: (context, message) => migrateContract(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: msg.MsgUpdateAdminSchema,
      response: msg.MsgUpdateAdminResponseSchema,
      signers: ({ sender }) => [addresses.toBytes(sender)],
      validateBasic: (message) => check.checkUpdateAdmin(message, addresses),
      handle: (context, message) => updateAdmin(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: msg.MsgClearAdminSchema,
      response: msg.MsgClearAdminResponseSchema,
      signers: ({ sender }) => [addresses.toBytes(sender)],
      validateBasic: (message) => check.checkClearAdmin(message, addresses),
      handle: (context, message) => clearAdmin(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: msg.MsgSetContractGovernanceSchema,
      response: msg.MsgSetContractGovernanceResponseSchema,
      signers: ({ sender }) => [addresses.toBytes(sender)],
      validateBasic: (message) => check.checkSetGovernance(message, addresses),
      handle: (context, message) => setGovernance(env, context, message),
    }),
  );
}

function registerGovernanceMessages(env: HandlerEnvironment, messages: MessageRouter): void {
  const { addresses } = env.options;
  messages.register(
    messageRoute({
      schema: msg.MsgUpdateParamsSchema,
      response: msg.MsgUpdateParamsResponseSchema,
      signers: ({ authority }) => [addresses.toBytes(authority)],
      handle: (context, message) => updateParams(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: msg.MsgContractGovernanceProposalSchema,
      response: msg.MsgContractGovernanceProposalResponseSchema,
      signers: ({ authority }) => [addresses.toBytes(authority)],
      validateBasic: (message) => check.checkGovernanceProposal(message, addresses),
      handle: (context, message) => governContracts(env, context, message),
    }),
  );
}

/** Reports of what governance decided about enclaves; `verifyDecisions` has found it passed. */
function registerEnclaveMessages(env: HandlerEnvironment, messages: MessageRouter): void {
  const { addresses } = env.options;
  messages.register(
    messageRoute({
      schema: msg.MsgUpgradeProposalPassedSchema,
      response: msg.MsgUpgradeProposalPassedResponseSchema,
      signers: ({ senderAddress }) => [addresses.toBytes(senderAddress)],
      validateBasic: checkUpgradePassed,
      handle: (context, message) => reportUpgrade(context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: msg.MsgUpdateMachineWhitelistProposalSchema,
      response: msg.MsgUpdateMachineWhitelistProposalResponseSchema,
      signers: ({ authority }) => [addresses.toBytes(authority)],
      validateBasic: checkWhitelist,
      handle: (context, message) => decideWhitelist(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: msg.MsgUpdateMachineWhitelistSchema,
      response: msg.MsgUpdateMachineWhitelistResponseSchema,
      signers: ({ sender }) => [addresses.toBytes(sender)],
      validateBasic: checkWhitelist,
      handle: (context, message) => reportWhitelist(context, message),
    }),
  );
}
