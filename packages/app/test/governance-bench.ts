/**
 * Governance of LocalSecret, message by message: the real composition on a branch of its state,
 * at times that a test chooses, without signatures and fees.
 */
import { create, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { moduleAddress } from "@tacit/crypto";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { ProtocolError } from "@tacit/encoding/errors";
import type { Params, Proposal, VoteOption } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import {
  QueryParamsResponseSchema,
  QueryProposalResponseSchema,
} from "@tacit/encoding/proto/cosmos/gov/v1/query";
import {
  MsgDepositSchema,
  MsgSubmitProposalSchema,
  MsgUpdateParamsSchema,
  MsgVoteSchema,
  MsgVoteWeightedSchema,
} from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import {
  type AbciEvent,
  type AnyValue,
  assertNumbers,
  createAddressCodec,
  createContext,
  createInfiniteGasMeter,
  EventManager,
  emptyBlockInfo,
  secretKvGas,
} from "@tacit/sdk";
import { localSecretAccounts } from "../src/networks/localsecret-genesis.ts";
import { LocalChain } from "./local-chain.ts";

export const addresses = createAddressCodec("secret");
export const operators = createAddressCodec("secretvaloper");
export const govAddress = addresses.toText(moduleAddress("gov"));
export const distributionAddress = addresses.toText(moduleAddress("distribution"));
const addressOf = (name: string) =>
  localSecretAccounts.find((account) => account.name === name)?.address ?? "";
/** The validator of genesis, and accounts without stake. */
export const validator = addressOf("validator");
export const a = addressOf("a");
export const b = addressOf("b");
export const c = addressOf("c");

export const options = { yes: 1, abstain: 2, no: 3, veto: 4 } as const;
export const statuses = { deposit: 1, voting: 2, passed: 3, rejected: 4, failed: 5 } as const;

/** One chain for all benches: each works on a branch of its own. */
let shared: LocalChain | undefined;

/** Block time at which benches begin, in seconds. */
export const start = 1_700_000_100n;
export const uscrt = (amount: bigint | string, denom = "uscrt") => ({ denom, amount: `${amount}` });

export function anyOf<Desc extends DescMessage>(
  schema: Desc,
  fields: MessageInitShape<Desc>,
): AnyValue & { readonly $typeName: "google.protobuf.Any" } {
  return {
    $typeName: "google.protobuf.Any",
    typeUrl: `/${schema.typeName}`,
    value: encodeMessage(schema, fields),
  };
}

/** `type{key=value,…}`. */
export function eventText({ type, attributes }: AbciEvent): string {
  return `${type}{${attributes.map(({ key, value }) => `${key}=${value}`).join(",")}}`;
}

export class GovBench {
  readonly chain: LocalChain;
  readonly composition;
  readonly stores;
  /** Seconds since the epoch. */
  time = start;
  height = 10n;

  /** @param chain instead of the one that all others share. */
  constructor(chain?: LocalChain) {
    shared ??= new LocalChain();
    this.chain = chain ?? shared;
    this.composition = this.chain.chain.composition;
    this.stores = this.chain.store.branch();
  }

  context(stores = this.stores) {
    return createContext({
      stores,
      kvGas: secretKvGas,
      gasMeter: createInfiniteGasMeter(),
      events: new EventManager(),
      block: {
        ...emptyBlockInfo,
        chainId: "secretdev-1",
        height: this.height,
        time: { seconds: this.time, nanos: 0 },
      },
    });
  }

  /** Runs a message as a transaction does, but for its ante handlers. */
  run<Desc extends DescMessage>(schema: Desc, fields: MessageInitShape<Desc>): readonly string[] {
    return this.runBytes(`/${schema.typeName}`, encodeMessage(schema, fields)).events;
  }

  runBytes(typeUrl: string, bytes: Uint8Array) {
    const { messages, types } = this.composition;
    const route = messages.route(typeUrl)!;
    const message = route.decode(bytes, types);
    assertNumbers(route.schema, message, types);
    route.validateBasic?.(message);
    route.signers(message);
    const stores = this.stores.branch();
    const context = this.context(stores);
    const { response } = route.handle(context, message);
    stores.write();
    return {
      events: context.events.events.map(eventText),
      gas: context.gasMeter.consumed,
      response: response.value,
    };
  }

  /** The code that a message fails with; what it wrote is gone. "" if it does not fail. */
  failure<Desc extends DescMessage>(schema: Desc, fields: MessageInitShape<Desc>): string {
    return this.failureText(schema, fields)[0];
  }

  failureText<Desc extends DescMessage>(
    schema: Desc,
    fields: MessageInitShape<Desc>,
  ): readonly [code: string, text: string] {
    try {
      this.run(schema, fields);
      return ["", ""];
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return [error.code as string, error.message];
    }
  }

  /** Ends a block at `seconds` after the start. @returns its events. */
  endBlockAt(seconds: bigint): readonly string[] {
    this.time = start + seconds;
    this.height += 1n;
    const stores = this.stores.branch();
    const context = this.context(stores);
    this.composition.modules.endBlock(context);
    stores.write();
    return context.events.events.map(eventText);
  }

  /** @throws what the query fails with. */
  ask<Output extends DescMessage>(path: string, output: Output, request: Uint8Array) {
    const handler = this.composition.queries.handler(path)!;
    return decodeMessage(output, handler.handle(this.context(), request));
  }

  get params(): Params {
    const response = this.ask(
      "/cosmos.gov.v1.Query/Params",
      QueryParamsResponseSchema,
      new Uint8Array(),
    );
    return response.params!;
  }

  /** As governance would. */
  changeParams(changes: Partial<Params>): void {
    const params = { ...this.params, ...changes };
    this.run(MsgUpdateParamsSchema, { authority: govAddress, params });
  }

  proposal(id = 1n): Proposal | undefined {
    const request = Uint8Array.of(0x08, Number(id));
    try {
      return this.ask("/cosmos.gov.v1.Query/Proposal", QueryProposalResponseSchema, request)
        .proposal;
    } catch (error) {
      if (error instanceof ProtocolError && error.code === "grpc/5") return undefined;
      throw error;
    }
  }

  submit(
    fields: Partial<MessageInitShape<typeof MsgSubmitProposalSchema>> = {},
  ): readonly string[] {
    return this.run(MsgSubmitProposalSchema, this.submission(fields));
  }

  submission(fields: Partial<MessageInitShape<typeof MsgSubmitProposalSchema>> = {}) {
    return create(MsgSubmitProposalSchema, {
      messages: [],
      initialDeposit: [uscrt(1_000_000_000n)],
      proposer: a,
      metadata: "about",
      title: "title",
      summary: "summary",
      expedited: false,
      ...fields,
    } as MessageInitShape<typeof MsgSubmitProposalSchema>);
  }

  deposit(depositor: string, amount: bigint, proposalId = 1n): readonly string[] {
    return this.run(MsgDepositSchema, { proposalId, depositor, amount: [uscrt(amount)] });
  }

  vote(voter: string, option: VoteOption, proposalId = 1n): readonly string[] {
    return this.run(MsgVoteSchema, { proposalId, voter, option, metadata: "" });
  }

  voteWeighted(
    voter: string,
    weights: readonly (readonly [option: VoteOption, weight: string])[],
    proposalId = 1n,
  ): readonly string[] {
    const list = weights.map(([option, weight]) => ({ option, weight }));
    return this.run(MsgVoteWeightedSchema, { proposalId, voter, options: list, metadata: "" });
  }

  balance(address: string, denom = "uscrt"): bigint {
    const { bank } = this.composition;
    return bank.getBalance(this.context(), addresses.toBytes(address), denom);
  }

  supply(): bigint {
    return this.composition.bank.getSupply(this.context(), "uscrt");
  }

  /** Everything in the store of governance, to see that nothing changed. */
  state(store = "gov"): string {
    const pairs = Array.from(this.stores.kvStore(store).iterator(), ([key, value]) =>
      [key, value].map((bytes) => Buffer.from(bytes).toString("hex")).join("="),
    );
    return pairs.join("\n");
  }
}
