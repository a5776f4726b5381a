/**
 * Governance of the recorded chain, until the module stands here itself: its messages move
 * deposits, its end of block plays the recorded events and runs proposals that passed.
 */
import { type Coins, coinsFromWire, parseCoins } from "@tacit/encoding";
import {
  MsgDepositResponseSchema,
  MsgDepositSchema,
  MsgSubmitProposalResponseSchema,
  MsgSubmitProposalSchema,
  MsgVoteResponseSchema,
  MsgVoteSchema,
  MsgVoteWeightedResponseSchema,
  MsgVoteWeightedSchema,
} from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import type { BankKeeper } from "@tacit/module-bank";
import {
  type AbciEvent,
  type AddressCodec,
  type AnyValue,
  type Context,
  type MessageRouter,
  type Module,
  messageRoute,
  type TypeRegistry,
} from "@tacit/sdk";
import type { GoldenBlock } from "./golden-chain.ts";

export interface GovStandIn {
  readonly addresses: AddressCodec;
  readonly bank: BankKeeper;
  readonly types: TypeRegistry;
  readonly blocks: readonly GoldenBlock[];
  readonly messages: MessageRouter;
}

export function createGovStandIn(parts: GovStandIn): Required<Pick<Module, "endBlock">> {
  const proposals: (readonly AnyValue[])[] = [];
  registerMessages(parts, proposals);
  return {
    endBlock: (context) => {
      const block = parts.blocks[Number(context.height) - 1];
      for (const event of block?.events ?? []) play(parts, context, event, proposals);
      return [];
    },
  };
}

function registerMessages(parts: GovStandIn, proposals: (readonly AnyValue[])[]): void {
  const { addresses, bank, messages } = parts;
  const signer = (text: string) => [addresses.toBytes(text)];
  const deposit = (context: Context, from: string, coins: Coins) => {
    if (coins.length === 0) return;
    bank.sendCoinsFromAccountToModule(context, addresses.toBytes(from), "gov", coins);
  };
  messages.register(
    messageRoute({
      schema: MsgSubmitProposalSchema,
      response: MsgSubmitProposalResponseSchema,
      signers: (message) => signer(message.proposer),
      handle: (context, message) => {
        proposals.push(message.messages);
        deposit(context, message.proposer, coinsFromWire(message.initialDeposit));
        return { proposalId: BigInt(proposals.length) };
      },
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgDepositSchema,
      response: MsgDepositResponseSchema,
      signers: (message) => signer(message.depositor),
      handle: (context, message) => {
        deposit(context, message.depositor, coinsFromWire(message.amount));
        return {};
      },
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgVoteSchema,
      response: MsgVoteResponseSchema,
      signers: (message) => signer(message.voter),
      handle: () => ({}),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgVoteWeightedSchema,
      response: MsgVoteWeightedResponseSchema,
      signers: (message) => signer(message.voter),
      handle: () => ({}),
    }),
  );
}

function play(
  parts: GovStandIn,
  context: Context,
  event: AbciEvent,
  proposals: readonly (readonly AnyValue[])[],
): void {
  const { addresses, bank, messages, types } = parts;
  const value = (key: string) => event.attributes.find((one) => one.key === key)?.value ?? "";
  if (value("mode") !== "EndBlock") return;
  const gov = bank.options.authority;
  const isOfGov = (key: string) => value(key) === addresses.toText(gov);
  if (event.type === "transfer" && isOfGov("sender")) {
    const to = addresses.toBytes(value("recipient"));
    bank.sendCoins(context, gov, to, parseCoins(value("amount")));
  }
  if (event.type === "burn" && isOfGov("burner")) {
    bank.burnCoins(context, "gov", parseCoins(value("amount")));
  }
  if (event.type !== "active_proposal" || value("proposal_result") !== "proposal_passed") return;
  for (const any of proposals[Number(value("proposal_id")) - 1] ?? []) {
    const route = messages.route(any.typeUrl)!;
    route.handle(context, route.decode(any.value, types));
  }
}
