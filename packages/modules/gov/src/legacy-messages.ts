/** Messages of `cosmos.gov.v1beta1`: the same as those of v1 in older words. */
import { Dec, encodeMessage } from "@tacit/encoding";
import { MsgExecLegacyContentSchema } from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import * as tx from "@tacit/encoding/proto/cosmos/gov/v1beta1/tx";
import { type Context, type MessageRouter, messageRoute, PanicError } from "@tacit/sdk";
import { validateContent } from "./contents.ts";
import type { GovEnvironment } from "./environment.ts";
import { govErrors } from "./errors.ts";
import { contentDecoder, deposit, submit, vote, voteWeighted } from "./messages.ts";

const anyType = "google.protobuf.Any";

export function registerLegacyMessages(messages: MessageRouter, env: GovEnvironment): void {
  const account = (text: string) => [env.addresses.toBytes(text)];
  messages.register(
    messageRoute({
      schema: tx.MsgSubmitProposalSchema,
      response: tx.MsgSubmitProposalResponseSchema,
      decode: contentDecoder(env, tx.MsgSubmitProposalSchema),
      signers: (message) => account(message.proposer),
      handle: (context, message) => ({ proposalId: submitContent(env, context, message) }),
    }),
  );
  messages.register(
    messageRoute({
      schema: tx.MsgVoteSchema,
      response: tx.MsgVoteResponseSchema,
      signers: (message) => account(message.voter),
      handle: (context, { proposalId, voter, option }) =>
        vote(env, context, { proposalId, voter, option, metadata: "" }),
    }),
  );
  messages.register(
    messageRoute({
      schema: tx.MsgVoteWeightedSchema,
      response: tx.MsgVoteWeightedResponseSchema,
      signers: (message) => account(message.voter),
      handle: (context, { proposalId, voter, options }) =>
        voteWeighted(env, context, {
          proposalId,
          voter,
          options: options.map(({ option, weight }) => ({
            $typeName: "cosmos.gov.v1.WeightedVoteOption",
            option,
            weight: weightText(weight),
          })),
          metadata: "",
        }),
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
}

/** A weight that is not there is Go's nil, which no parser takes. */
function weightText(wire: string): string {
  return wire === "" ? "<nil>" : Dec.fromWire(wire).toString();
}

/** Proposes to run a content. @returns the proposal's id. */
function submitContent(
  env: GovEnvironment,
  context: Context,
  { content: any, initialDeposit, proposer }: tx.MsgSubmitProposal,
): bigint {
  if (any === undefined) {
    throw new PanicError("runtime error: invalid memory address or nil pointer dereference");
  }
  const content = env.contents.read(any);
  const { kind, value, title, description } = content;
  if (!kind.isListed) throw govErrors.invalidType.wrap(kind.type);
  validateContent(content);
  const message = encodeMessage(MsgExecLegacyContentSchema, {
    content: {
      $typeName: anyType,
      typeUrl: any.typeUrl,
      // biome-ignore lint/suspicious/noExplicitAny: a decoded content is of its kind's schema
      value: encodeMessage(kind.schema, value as any),
    },
    authority: env.authority,
  });
  const typeUrl = `/${MsgExecLegacyContentSchema.typeName}`;
  return submit(env, context, {
    messages: [{ $typeName: anyType, typeUrl, value: message }],
    initialDeposit,
    proposer,
    metadata: "",
    title,
    summary: description,
    expedited: false,
  });
}
