/** Proposals, deposits, votes, in both versions of the module's messages. */
import { coinsToWire, decodeMessage, makeCoins } from "@tacit/encoding";
import {
  ParamsSchema,
  type Proposal,
  ProposalSchema,
  ProposalStatus,
  VoteOption,
} from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import {
  MsgCancelProposalSchema,
  MsgDepositSchema,
  MsgExecLegacyContentSchema,
  MsgSubmitProposalSchema,
  MsgUpdateParamsSchema,
  MsgVoteSchema,
  MsgVoteWeightedSchema,
} from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import {
  VoteOption as LegacyVoteOption,
  TextProposalSchema,
} from "@tacit/encoding/proto/cosmos/gov/v1beta1/gov";
import {
  MsgDepositSchema as LegacyMsgDepositSchema,
  MsgSubmitProposalSchema as LegacyMsgSubmitProposalSchema,
  MsgVoteSchema as LegacyMsgVoteSchema,
  MsgVoteWeightedSchema as LegacyMsgVoteWeightedSchema,
} from "@tacit/encoding/proto/cosmos/gov/v1beta1/tx";
import type { KeyedAccount } from "../../signer.ts";
import { anyOf, governed, type Operation, operation, type World } from "../world.ts";

const proposals = (world: World, ...statuses: readonly ProposalStatus[]): readonly Proposal[] =>
  world.state
    .decoded(ProposalSchema, "gov", 0)
    .map(({ value }) => value)
    .filter(({ status }) => statuses.includes(status));

/** What a deposit often needs: between nothing and twice the least. */
export function proposalDeposit(world: World, by: KeyedAccount) {
  const params = decodeMessage(ParamsSchema, world.state.get("gov", 48)!);
  const least = BigInt(params.minDeposit[0]?.amount ?? "1");
  if (world.random.chance(1, 12)) return world.wireCoins(by);
  const amount = least / 2n + world.random.belowBig(2n * least);
  return [...coinsToWire(makeCoins({ denom: world.bondDenom, amount }))];
}

const text = (world: World) => ({
  title: `proposal ${world.random.below(1_000)}`,
  summary: "of the simulation",
});

/** Without messages; those of other modules are wrapped in this one too. */
const submit = operation(MsgSubmitProposalSchema, 2, (world) => {
  const by = world.anyone();
  const expedited = world.random.chance(1, 4);
  const initialDeposit = proposalDeposit(world, by);
  const metadata = world.random.chance(4, 5) ? "no message" : "";
  const message = { proposer: world.text(by), initialDeposit, expedited, metadata, ...text(world) };
  return { by, message };
});

const legacySubmit = operation(LegacyMsgSubmitProposalSchema, 2, (world) => {
  const by = world.anyone();
  const { title, summary: description } = text(world);
  const content = anyOf(TextProposalSchema, { title, description });
  return {
    by,
    message: { content, initialDeposit: proposalDeposit(world, by), proposer: world.text(by) },
  };
});

/** A deposit for something that waits for one, or may take more. */
function depositFields(world: World) {
  const { DEPOSIT_PERIOD, VOTING_PERIOD } = ProposalStatus;
  const proposal = world.random.pickIfAny(proposals(world, DEPOSIT_PERIOD, VOTING_PERIOD));
  const by = world.anyone();
  return (
    proposal && {
      by,
      message: {
        proposalId: proposal.id,
        depositor: world.text(by),
        amount: proposalDeposit(world, by),
      },
    }
  );
}

const addDeposit = operation(MsgDepositSchema, 6, depositFields);
const legacyDeposit = operation(LegacyMsgDepositSchema, 2, depositFields);

/** Operators vote more often than others, and for it as a rule. */
function voteFields(world: World) {
  const proposal = world.random.pickIfAny(proposals(world, ProposalStatus.VOTING_PERIOD));
  if (proposal === undefined) return undefined;
  const validator = world.random.chance(3, 4) ? world.anyValidator() : undefined;
  const by = (validator && world.operator(validator)) ?? world.anyone();
  return { by, proposalId: proposal.id, voter: world.text(by) };
}

const options = [
  ...Array.from({ length: 8 }, () => VoteOption.YES),
  VoteOption.ABSTAIN,
  VoteOption.NO,
  VoteOption.NO_WITH_VETO,
] as const;

const vote = operation(MsgVoteSchema, 14, (world) => {
  const fields = voteFields(world);
  if (fields === undefined) return undefined;
  const { by, ...message } = fields;
  return { by, message: { ...message, option: world.random.pick(options) } };
});

const legacyVote = operation(LegacyMsgVoteSchema, 4, (world) => {
  const fields = voteFields(world);
  if (fields === undefined) return undefined;
  const { by, ...message } = fields;
  return { by, message: { ...message, option: world.random.pick([1, 1, 1, 3] as const) } };
});

/** Two options whose weights are one together, or nearly. */
function weights(world: World): readonly [string, string] {
  return world.random.pick([
    ["0.7", "0.3"],
    ["0.999999999999999999", "0.000000000000000001"],
    ["0.5", "0.4"],
  ] as const);
}

const voteWeighted = operation(MsgVoteWeightedSchema, 4, (world) => {
  const fields = voteFields(world);
  if (fields === undefined) return undefined;
  const { by, ...message } = fields;
  const [first, second] = weights(world);
  return {
    by,
    message: {
      ...message,
      options: [
        { option: VoteOption.YES, weight: first },
        { option: VoteOption.NO, weight: second },
      ],
    },
  };
});

const legacyVoteWeighted = operation(LegacyMsgVoteWeightedSchema, 2, (world) => {
  const fields = voteFields(world);
  if (fields === undefined) return undefined;
  const { by, ...message } = fields;
  return {
    by,
    message: {
      ...message,
      options: [{ option: LegacyVoteOption.YES, weight: `${10n ** 18n}` }],
    },
  };
});

const cancel = operation(MsgCancelProposalSchema, 1, (world) => {
  const { DEPOSIT_PERIOD, VOTING_PERIOD } = ProposalStatus;
  const proposal = world.random.pickIfAny(proposals(world, DEPOSIT_PERIOD, VOTING_PERIOD));
  const by = proposal && world.person(proposal.proposer);
  return by && { by, message: { proposalId: proposal!.id, proposer: proposal!.proposer } };
});

const execLegacy = governed(MsgExecLegacyContentSchema, 1, (world) => ({
  authority: world.authority,
  content: anyOf(TextProposalSchema, { title: "text", description: "of a proposal" }),
}));

const updateParams = governed(MsgUpdateParamsSchema, 1, (world) => {
  const params = decodeMessage(ParamsSchema, world.state.get("gov", 48)!);
  return {
    authority: world.authority,
    params: {
      ...params,
      quorum: `0.${world.random.between(10, 50)}0000000000000000`,
      burnVoteQuorum: world.random.chance(1, 2),
      burnProposalDepositPrevote: world.random.chance(1, 2),
      proposalCancelDest: world.random.chance(1, 2) ? world.text(world.anyone()) : "",
    },
  };
});

export const govOperations: readonly Operation[] = [
  submit,
  legacySubmit,
  addDeposit,
  legacyDeposit,
  vote,
  legacyVote,
  voteWeighted,
  legacyVoteWeighted,
  cancel,
  execLegacy,
  updateParams,
];
