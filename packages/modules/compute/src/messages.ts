/** The module's messages: who signs them, how they are checked, what handles them. */
import * as msg from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { type MessageRouter, messageRoute, sdkErrors } from "@tacit/sdk";
import { clearAdmin, updateAdmin } from "./handlers/admin.ts";
import type { HandlerEnvironment } from "./handlers/environment.ts";
import { executeContract } from "./handlers/execute.ts";
import { governContracts, setGovernance, updateParams } from "./handlers/govern.ts";
import { instantiateContract } from "./handlers/instantiate.ts";
import { migrateContract } from "./handlers/migrate.ts";
import { storeCode } from "./handlers/store-code.ts";
import * as check from "./validation.ts";

export function registerMessages(env: HandlerEnvironment, messages: MessageRouter): void {
  registerContractMessages(env, messages);
  registerAdminMessages(env, messages);
  registerGovernanceMessages(env, messages);
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
  messages.register(
    messageRoute({
      schema: msg.MsgUpgradeProposalPassedSchema,
      response: msg.MsgUpgradeProposalPassedResponseSchema,
      signers: ({ senderAddress }) => [addresses.toBytes(senderAddress)],
      handle: () => {
        // Its check is against passed proposals, and there is no governance to pass any yet.
        throw sdkErrors.notSupported.wrap("upgrades of the enclave need governance");
      },
    }),
  );
}
