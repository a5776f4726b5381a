/** `tacit tx gov`. */
import { moduleAddress } from "@tacit/crypto";
import { accountAddress } from "@tacit/encoding";
import { Command } from "commander";
import type { JsonMessage } from "../../chain/types.ts";
import { CliError } from "../../errors.ts";
import { examples } from "../../options.ts";
import { coinsOf, integer, jsonOf } from "../parse.ts";
import { group, messageCommand } from "./message-command.ts";

const type = (name: string) => `/cosmos.gov.v1.${name}`;

const voteOptions = {
  yes: "VOTE_OPTION_YES",
  no: "VOTE_OPTION_NO",
  abstain: "VOTE_OPTION_ABSTAIN",
  no_with_veto: "VOTE_OPTION_NO_WITH_VETO",
} as const;

export function govCommand(): Command {
  return group("gov", "proposals and votes", [
    draftProposal(),
    submitProposal(),
    submitLegacyProposal(),
    deposit(),
    vote(),
    weightedVote(),
    cancelProposal(),
  ]);
}

const template = {
  messages: [
    {
      "@type": "/cosmos.distribution.v1beta1.MsgCommunityPoolSpend",
      authority: accountAddress(moduleAddress("gov")),
      recipient: "secret1…",
      amount: [{ denom: "uscrt", amount: "1000000" }],
    },
  ],
  metadata: "",
  deposit: "1000000000uscrt",
  title: "What it is called",
  summary: "What it does, and why",
  expedited: false,
};

function draftProposal(): Command {
  const command = new Command("draft-proposal")
    .description("print a proposal to fill in; its messages run in the name of governance")
    .action(() => {
      process.stdout.write(`${JSON.stringify(template, undefined, 2)}\n`);
    });
  return examples(command, ["tacit tx gov draft-proposal > proposal.json"]);
}

function submitProposal(): Command {
  return messageCommand({
    name: "submit-proposal",
    description: "propose messages for governance to run",
    args: [["proposal", "JSON as draft-proposal prints it; @file reads it from a file"]],
    build: ({ address }, [text = ""]) => [proposalMessage(address, jsonOf(text))],
    examples: [
      "tacit tx gov draft-proposal > proposal.json",
      "tacit tx gov submit-proposal @proposal.json --from a",
    ],
  });
}

function proposalMessage(proposer: string, given: unknown): JsonMessage {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new CliError(
      "cli/json",
      "A proposal is a JSON object.",
      "See tacit tx gov draft-proposal.",
    );
  }
  const unknown = Object.keys(given).filter((name) => !(name in template));
  if (unknown.length > 0) {
    const hint = `It has ${Object.keys(template).join(", ")}.`;
    throw new CliError("cli/json", `A proposal has no field "${unknown[0]}".`, hint);
  }
  const { messages, deposit: coins, ...rest } = given as Partial<typeof template>;
  return {
    "@type": type("MsgSubmitProposal"),
    ...rest,
    messages: messages ?? [],
    initial_deposit: coinsOf(coins ?? ""),
    proposer,
  };
}

function submitLegacyProposal(): Command {
  return messageCommand({
    name: "submit-legacy-proposal",
    description: "propose a text, without messages, in the form of the SDK's first governance",
    args: [
      ["title", "what it is called"],
      ["description", "what it says"],
      ["deposit", "such as 1000000000uscrt"],
    ],
    build: ({ address }, [title = "", description = "", coins = ""]) => [
      {
        "@type": "/cosmos.gov.v1beta1.MsgSubmitProposal",
        content: { "@type": "/cosmos.gov.v1beta1.TextProposal", title, description },
        initial_deposit: coinsOf(coins),
        proposer: address,
      },
    ],
    examples: [
      `tacit tx gov submit-legacy-proposal "A title" "Its words" 1000000000uscrt --from a`,
    ],
  });
}

const idArgument = ["proposal-id", "number of the proposal"] as const;
const proposalId = (text: string) => `${integer(text, "proposal-id")}`;

function deposit(): Command {
  return messageCommand({
    name: "deposit",
    description: "add to a proposal's deposit",
    args: [idArgument, ["amount", "such as 1000000uscrt"]],
    build: ({ address }, [id = "", amount = ""]) => [
      {
        "@type": type("MsgDeposit"),
        proposal_id: proposalId(id),
        depositor: address,
        amount: coinsOf(amount),
      },
    ],
    examples: ["tacit tx gov deposit 1 1000000uscrt --from a"],
  });
}

function vote(): Command {
  return messageCommand({
    name: "vote",
    description: "vote on a proposal; a later vote replaces an earlier one",
    args: [idArgument, ["option", Object.keys(voteOptions).join(", ")]],
    options: [["--metadata <text>", "a note to the vote"]],
    build: ({ address }, [id = "", option = ""], { metadata }) => [
      {
        "@type": type("MsgVote"),
        proposal_id: proposalId(id),
        voter: address,
        option: optionOf(option),
        metadata: `${metadata ?? ""}`,
      },
    ],
    examples: ["tacit tx gov vote 1 yes --from a"],
  });
}

function weightedVote(): Command {
  return messageCommand({
    name: "weighted-vote",
    description: "split one's vote; the parts add up to 1",
    args: [idArgument, ["options", "such as yes=0.6,no=0.3,abstain=0.1"]],
    options: [["--metadata <text>", "a note to the vote"]],
    build: ({ address }, [id = "", parts = ""], { metadata }) => [
      {
        "@type": type("MsgVoteWeighted"),
        proposal_id: proposalId(id),
        voter: address,
        options: parts.split(",").map((part) => {
          const [option = "", weight = ""] = part.split("=");
          return { option: optionOf(option), weight: weightOf(weight) };
        }),
        metadata: `${metadata ?? ""}`,
      },
    ],
    examples: ["tacit tx gov weighted-vote 1 yes=0.6,no=0.4 --from a"],
  });
}

function cancelProposal(): Command {
  return messageCommand({
    name: "cancel-proposal",
    description: "take back one's own proposal; a part of the deposit is lost",
    args: [idArgument],
    build: ({ address }, [id = ""]) => [
      { "@type": type("MsgCancelProposal"), proposal_id: proposalId(id), proposer: address },
    ],
    examples: ["tacit tx gov cancel-proposal 1 --from a"],
  });
}

function optionOf(text: string): string {
  const option = voteOptions[text.toLowerCase().replaceAll("-", "_") as keyof typeof voteOptions];
  if (option !== undefined) return option;
  const known = Object.keys(voteOptions).join(", ");
  throw new CliError("cli/usage", `"${text}" is no vote; votes are ${known}.`);
}

/** v1 keeps weights as texts of 18 decimals. */
function weightOf(text: string): string {
  const parts = /^([01])(?:\.([0-9]{1,18}))?$/.exec(text);
  if (parts === null) {
    throw new CliError("cli/usage", `"${text}" is no part of a vote; write yes=0.6,no=0.4.`);
  }
  return `${parts[1]}.${(parts[2] ?? "").padEnd(18, "0")}`;
}
