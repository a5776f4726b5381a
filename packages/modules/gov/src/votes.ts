/** Votes on a proposal. */
import { create } from "@bufbuild/protobuf";
import { Dec } from "@tacit/encoding";
import {
  VoteOption,
  VoteOptionSchema,
  VoteSchema,
  type WeightedVoteOption,
} from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { type Context, createEvent, sdkErrors } from "@tacit/sdk";
import { parseDecimal } from "./decimals.ts";
import type { GovEnvironment } from "./environment.ts";
import { govErrors } from "./errors.ts";
import { assertMetadataLength } from "./metadata.ts";
import { isInVotingPeriod, setVote } from "./store.ts";

/** A part of a vote; the weight is decimal text, kept as it was written. */
export type WeightedOption = Pick<WeightedVoteOption, "option" | "weight">;

export interface NewVote {
  readonly id: bigint;
  readonly voter: Uint8Array;
  readonly options: readonly WeightedOption[];
  readonly metadata: string;
}

/** The whole weight on one option. @throws {SdkError} `gov/7` */
export function undividedVote(option: VoteOption): readonly WeightedOption[] {
  if (!isVoteOption(option)) throw govErrors.invalidVote.wrap(optionName(option));
  return [{ option, weight: Dec.ONE.toString() }];
}

/** Each option at most once, all weights together one. @throws {SdkError} `gov/7`, `sdk/18` */
export function assertWeights(options: readonly WeightedOption[]): void {
  if (options.length === 0) throw sdkErrors.invalidRequest.wrap("null");
  let total = Dec.ZERO;
  const used = new Set<VoteOption>();
  for (const option of options) {
    const weight = weightOf(option);
    if (weight === undefined) throw govErrors.invalidVote.wrap(optionText(option));
    total = total.add(weight);
    if (used.has(option.option)) throw govErrors.invalidVote.wrap("duplicated vote option");
    used.add(option.option);
  }
  if (Dec.ONE.lessThan(total)) throw govErrors.invalidVote.wrap("total weight overflow 1.00");
  if (total.lessThan(Dec.ONE)) throw govErrors.invalidVote.wrap("total weight lower than 1.00");
}

/** Casts a vote in place of an earlier one. @throws {SdkError} `gov/3`, `gov/7`, `gov/15` */
export function addVote(env: GovEnvironment, context: Context, vote: NewVote): void {
  const { id, voter, options, metadata } = vote;
  if (!isInVotingPeriod(context, id)) throw govErrors.inactiveProposal.wrap(`${id}`);
  assertMetadataLength(metadata);
  for (const option of options) {
    if (weightOf(option) === undefined) throw govErrors.invalidVote.wrap(optionText(option));
  }
  const text = env.addresses.toText(voter);
  setVote(
    context,
    voter,
    create(VoteSchema, { proposalId: id, voter: text, options: [...options], metadata }),
  );
  env.hooks.afterProposalVote(context, id, voter);
  context.events.emit(
    createEvent(
      "proposal_vote",
      ["voter", text],
      ["option", optionsJson(options)],
      ["proposal_id", `${id}`],
    ),
  );
}

/** Undefined for an option that cannot be voted for or a weight out of bounds. */
function weightOf({ option, weight: text }: WeightedOption): Dec | undefined {
  let weight: Dec;
  try {
    weight = parseDecimal(text);
  } catch {
    return undefined;
  }
  const isValid = weight.isPositive && !Dec.ONE.lessThan(weight) && isVoteOption(option);
  return isValid ? weight : undefined;
}

function isVoteOption(option: VoteOption): boolean {
  return option >= VoteOption.YES && option <= VoteOption.NO_WITH_VETO;
}

/** As Go's JSON package prints the list; weights that were judged need no escapes. */
function optionsJson(options: readonly WeightedOption[]): string {
  const items = options.map(({ option, weight }) => `{"option":${option},"weight":"${weight}"}`);
  return `[${items.join(",")}]`;
}

function optionName(option: VoteOption): string {
  return VoteOptionSchema.values.find(({ number }) => number === option)?.name ?? `${option}`;
}

/** As Go prints the message, a space at its end. */
function optionText({ option, weight }: WeightedOption): string {
  const name = option === VoteOption.UNSPECIFIED ? "" : `option:${optionName(option)} `;
  return weight === "" ? name : `${name}weight:${JSON.stringify(weight)} `;
}
