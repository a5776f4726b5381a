/** Messages of `cosmos.gov.v1` and what they do. */
import type { Message } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import { coinsFromWire, decodeMessage, encodeMessage, fromBech32 } from "@tacit/encoding";
import { ProposalSchema } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import * as tx from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import {
  type AnyValue,
  type Context,
  createEvent,
  type MessageRouter,
  messageRoute,
  PanicError,
  PlainError,
  sdkErrors,
  type TypeResolver,
} from "@tacit/sdk";
import { cancelProposal } from "./cancel.ts";
import { addDeposit, assertDeposit, assertInitialDeposit } from "./deposits.ts";
import type { GovEnvironment } from "./environment.ts";
import { govErrors, isFailure } from "./errors.ts";
import { assertMetadataAgree } from "./metadata.ts";
import { moduleName } from "./names.ts";
import { getParams, setParams, validateParams } from "./params.ts";
import { unpackMessages } from "./proposal-messages.ts";
import { submitProposal } from "./submit.ts";
import { toTimestamp } from "./times.ts";
import { addVote, assertWeights, undividedVote } from "./votes.ts";

/** Gas for what a proposal keeps in state, in writes of its bytes. */
const proposalWrites = 3n;

export function registerMessages(messages: MessageRouter, env: GovEnvironment): void {
  const account = (text: string) => [env.addresses.toBytes(text)];
  messages.register(
    messageRoute({
      schema: tx.MsgSubmitProposalSchema,
      response: tx.MsgSubmitProposalResponseSchema,
      decode: (bytes, types) => {
        const message = decodeMessage(tx.MsgSubmitProposalSchema, bytes, {
          unknown: "reject",
          types,
        });
        unpackMessages(message.messages, messages, types);
        return message;
      },
      signers: (message) => account(message.proposer),
      handle: (context, message) => ({ proposalId: submit(env, context, message) }),
    }),
  );
  messages.register(
    messageRoute({
      schema: tx.MsgExecLegacyContentSchema,
      response: tx.MsgExecLegacyContentResponseSchema,
      decode: contentDecoder(env, tx.MsgExecLegacyContentSchema),
      signers: (message) => account(message.authority),
      validateBasic: (message) => {
        fromBech32(env.addresses.prefix, message.authority);
      },
      handle: (context, message) => execLegacyContent(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: tx.MsgVoteSchema,
      response: tx.MsgVoteResponseSchema,
      signers: (message) => account(message.voter),
      handle: (context, message) => vote(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: tx.MsgVoteWeightedSchema,
      response: tx.MsgVoteWeightedResponseSchema,
      signers: (message) => account(message.voter),
      handle: (context, message) => voteWeighted(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: tx.MsgDepositSchema,
      response: tx.MsgDepositResponseSchema,
      signers: (message) => account(message.depositor),
      handle: (context, message) => deposit(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: tx.MsgUpdateParamsSchema,
      response: tx.MsgUpdateParamsResponseSchema,
      signers: (message) => account(message.authority),
      handle: (context, message) => updateParams(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: tx.MsgCancelProposalSchema,
      response: tx.MsgCancelProposalResponseSchema,
      signers: (message) => account(message.proposer),
      handle: (context, message) => cancel(env, context, message),
    }),
  );
}

/** Reads a message with a content, which must be one that this network knows. */
export function contentDecoder<
  Content extends Message & { readonly content?: AnyValue | undefined },
>(env: GovEnvironment, schema: GenMessage<Content>) {
  return (bytes: Uint8Array, types: TypeResolver): Content => {
    const message = decodeMessage(schema, bytes, { unknown: "reject", types });
    assertContentType(env, message.content?.typeUrl);
    return message;
  };
}

/** @throws {PlainError} unless it is a content's or there is none. */
function assertContentType(env: GovEnvironment, typeUrl: string | undefined): void {
  if (typeUrl === undefined || env.contents.has(typeUrl)) return;
  throw new PlainError(
    `no concrete type registered for type URL ${typeUrl} against interface *v1beta1.Content`,
  );
}

/** @returns the proposal's id. */
export function submit(
  env: GovEnvironment,
  context: Context,
  message: Omit<tx.MsgSubmitProposal, "$typeName">,
): bigint {
  const { title, summary, metadata, expedited } = message;
  if (title === "") throw sdkErrors.invalidRequest.wrap("proposal title cannot be empty");
  if (summary === "") throw sdkErrors.invalidRequest.wrap("proposal summary cannot be empty");
  const proposer = accountOf(env, message.proposer, "proposer");
  if (message.messages.length === 0 && metadata === "") {
    throw govErrors.noMessages.wrap("either metadata or Msgs length must be non-nil");
  }
  assertMetadataAgree(metadata, { title, summary });
  const messages = unpackMessages(message.messages, env.messages, env.types);
  const amount = coinsFromWire(message.initialDeposit);
  assertInitialDeposit(getParams(context), amount, expedited);
  const proposal = submitProposal(env, context, {
    messages,
    metadata,
    title,
    summary,
    proposer,
    expedited,
  });
  const size = BigInt(encodeMessage(ProposalSchema, proposal).length);
  context.gasMeter.consume(
    proposalWrites * context.kvGas.writeCostPerByte * size,
    "submit proposal",
  );
  const { id } = proposal;
  if (addDeposit(env, context, { id, depositor: proposer, amount })) {
    context.events.emit(createEvent("submit_proposal", ["voting_period_start", `${id}`]));
  }
  return id;
}

function execLegacyContent(
  env: GovEnvironment,
  context: Context,
  message: tx.MsgExecLegacyContent,
) {
  const { address } = env.accounts.getModuleAccount(context, moduleName);
  const expected = env.addresses.toText(address);
  if (message.authority !== expected) {
    throw govErrors.invalidSigner.wrap(`expected ${expected} got ${message.authority}`);
  }
  if (message.content === undefined) {
    throw new PanicError("runtime error: invalid memory address or nil pointer dereference");
  }
  const { kind, value } = readContent(env, message);
  if (kind.handle === undefined) throw govErrors.noHandler.wrap(kind.route);
  try {
    kind.handle(context, value);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw govErrors.invalidContent.wrap(
      `failed to run legacy handler ${kind.route}, ${error.message}`,
    );
  }
  return {};
}

function readContent(env: GovEnvironment, message: tx.MsgExecLegacyContent) {
  try {
    return env.contents.read(message.content);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw govErrors.invalidContent.wrap(error.message);
  }
}

export function vote(
  env: GovEnvironment,
  context: Context,
  { proposalId: id, voter, option, metadata }: Omit<tx.MsgVote, "$typeName">,
) {
  const address = accountOf(env, voter, "voter");
  addVote(env, context, { id, voter: address, options: undividedVote(option), metadata });
  return {};
}

export function voteWeighted(
  env: GovEnvironment,
  context: Context,
  { proposalId: id, voter, options, metadata }: Omit<tx.MsgVoteWeighted, "$typeName">,
) {
  const address = accountOf(env, voter, "voter");
  assertWeights(options);
  addVote(env, context, { id, voter: address, options, metadata });
  return {};
}

export function deposit(
  env: GovEnvironment,
  context: Context,
  message: Omit<tx.MsgDeposit, "$typeName">,
) {
  const depositor = accountOf(env, message.depositor, "depositor");
  const amount = coinsFromWire(message.amount);
  assertDeposit(amount);
  const id = message.proposalId;
  if (addDeposit(env, context, { id, depositor, amount })) {
    context.events.emit(createEvent("proposal_deposit", ["voting_period_start", `${id}`]));
  }
  return {};
}

function updateParams(
  env: GovEnvironment,
  context: Context,
  { authority, params }: tx.MsgUpdateParams,
) {
  if (authority !== env.authority) {
    throw govErrors.invalidSigner.wrap(
      `invalid authority; expected ${env.authority}, got ${authority}`,
    );
  }
  if (params === undefined) throw new PlainError("invalid minimum deposit: ");
  validateParams(params, env.addresses);
  setParams(context, params);
  return {};
}

function cancel(env: GovEnvironment, context: Context, message: tx.MsgCancelProposal) {
  const { proposalId, proposer } = message;
  accountOf(env, proposer, "proposer");
  cancelProposal(env, context, proposalId, proposer);
  context.events.emit(
    createEvent("cancel_proposal", ["sender", proposer], ["proposal_id", `${proposalId}`]),
  );
  return {
    proposalId,
    canceledTime: toTimestamp(context.time),
    canceledHeight: context.height,
  };
}

/** @throws {SdkError} `sdk/7` */
function accountOf(env: GovEnvironment, text: string, who: string): Uint8Array {
  try {
    return env.addresses.toBytes(text);
  } catch (error) {
    throw sdkErrors.invalidAddress.wrap(`invalid ${who} address: ${(error as Error).message}`);
  }
}
