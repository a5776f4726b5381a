/** `tacit tx staking` and `tacit tx slashing`. */
import type { Command } from "commander";
import type { JsonMessage } from "../../chain/types.ts";
import { CliError } from "../../errors.ts";
import { coinOf, integer, operatorOf } from "../parse.ts";
import { type Flags, group, messageCommand } from "./message-command.ts";

const keepText = "[do-not-modify]";

const description = [
  ["--moniker <name>", "the validator's name"],
  ["--identity <id>", "of keybase or a similar service"],
  ["--website <url>", "its web site"],
  ["--security-contact <mail>", "where to report faults"],
  ["--details <text>", "anything else"],
] as const;

export function stakingCommand(): Command {
  return group("staking", "delegations and validators", [
    amountCommand("delegate", "delegate coins to a validator", "MsgDelegate"),
    amountCommand(
      "unbond",
      "take coins back; they are free after the unbonding time",
      "MsgUndelegate",
    ),
    redelegate(),
    cancelUnbond(),
    createValidator(),
    editValidator(),
  ]);
}

export function slashingCommand(): Command {
  return group("slashing", "jailed validators", [
    messageCommand({
      name: "unjail",
      description: "bring the validator of this key back after its time in jail",
      build: ({ keyring, address }) => [
        {
          "@type": "/cosmos.slashing.v1beta1.MsgUnjail",
          validator_addr: operatorOf(keyring, address),
        },
      ],
      examples: ["tacit tx slashing unjail --from a"],
    }),
  ]);
}

const validatorArgument = [
  "validator",
  "secretvaloper1…, or the account or key behind it",
] as const;
const amountArgument = ["amount", "such as 1000000uscrt"] as const;

function amountCommand(name: string, text: string, type: string): Command {
  return messageCommand({
    name,
    description: text,
    args: [validatorArgument, amountArgument],
    build: ({ address, keyring }, [validator = "", amount = ""]) => [
      {
        "@type": `/cosmos.staking.v1beta1.${type}`,
        delegator_address: address,
        validator_address: operatorOf(keyring, validator),
        amount: coinOf(amount),
      },
    ],
    examples: [`tacit tx staking ${name} secretvaloper1… 1000000uscrt --from a`],
  });
}

function redelegate(): Command {
  return messageCommand({
    name: "redelegate",
    description: "move a delegation to another validator at once",
    args: [["from-validator", validatorArgument[1]], ["to-validator", "where to"], amountArgument],
    build: ({ address, keyring }, [from = "", to = "", amount = ""]) => [
      {
        "@type": "/cosmos.staking.v1beta1.MsgBeginRedelegate",
        delegator_address: address,
        validator_src_address: operatorOf(keyring, from),
        validator_dst_address: operatorOf(keyring, to),
        amount: coinOf(amount),
      },
    ],
    examples: ["tacit tx staking redelegate secretvaloper1… secretvaloper1… 500uscrt --from a"],
  });
}

function cancelUnbond(): Command {
  return messageCommand({
    name: "cancel-unbond",
    description: "delegate again what is being unbonded",
    args: [
      validatorArgument,
      amountArgument,
      ["creation-height", "block in which the unbonding began"],
    ],
    build: ({ address, keyring }, [validator = "", amount = "", height = ""]) => [
      {
        "@type": "/cosmos.staking.v1beta1.MsgCancelUnbondingDelegation",
        delegator_address: address,
        validator_address: operatorOf(keyring, validator),
        amount: coinOf(amount),
        creation_height: `${integer(height, "creation-height")}`,
      },
    ],
    examples: ["tacit tx staking cancel-unbond secretvaloper1… 500uscrt 120 --from a"],
  });
}

function createValidator(): Command {
  return messageCommand({
    name: "create-validator",
    description: "make this key's account a validator",
    args: [["amount", "what the operator delegates to itself, such as 1000000uscrt"]],
    options: [
      ["--pubkey <base64>", "Ed25519 key that signs blocks: of the node's priv_validator_key.json"],
      ...description,
      ["--commission-rate <part>", "of the delegators' rewards (default: 0.1)"],
      ["--commission-max-rate <part>", "it can never be more (default: 0.2)"],
      ["--commission-max-change-rate <part>", "nor change more in a day (default: 0.01)"],
      ["--min-self-delegation <number>", "below it the validator is jailed (default: 1)"],
    ],
    build: ({ address, keyring }, [amount = ""], flags) => [
      {
        "@type": "/cosmos.staking.v1beta1.MsgCreateValidator",
        description: descriptionOf(flags, ""),
        commission: {
          rate: text(flags, "commissionRate", "0.1"),
          max_rate: text(flags, "commissionMaxRate", "0.2"),
          max_change_rate: text(flags, "commissionMaxChangeRate", "0.01"),
        },
        min_self_delegation: text(flags, "minSelfDelegation", "1"),
        delegator_address: "",
        validator_address: operatorOf(keyring, address),
        pubkey: { "@type": "/cosmos.crypto.ed25519.PubKey", key: consensusKey(flags) },
        value: coinOf(amount),
      },
    ],
    examples: [
      "tacit tx staking create-validator 1000000uscrt --pubkey 9vD…= --moniker rock --from a",
    ],
  });
}

function editValidator(): Command {
  return messageCommand({
    name: "edit-validator",
    description: "change what this key's validator says of itself, or its commission",
    options: [
      ...description,
      ["--commission-rate <part>", "once a day"],
      ["--min-self-delegation <number>", "only upwards"],
    ],
    build: ({ address, keyring }, _, flags) => {
      const message: JsonMessage = {
        "@type": "/cosmos.staking.v1beta1.MsgEditValidator",
        description: descriptionOf(flags, keepText),
        validator_address: operatorOf(keyring, address),
        ...(flags.commissionRate !== undefined && {
          commission_rate: text(flags, "commissionRate", ""),
        }),
        ...(flags.minSelfDelegation !== undefined && {
          min_self_delegation: text(flags, "minSelfDelegation", ""),
        }),
      };
      return [message];
    },
    examples: ["tacit tx staking edit-validator --website https://example.com --from a"],
  });
}

function descriptionOf(flags: Flags, absent: string) {
  return {
    moniker: text(flags, "moniker", absent),
    identity: text(flags, "identity", absent),
    website: text(flags, "website", absent),
    security_contact: text(flags, "securityContact", absent),
    details: text(flags, "details", absent),
  };
}

const text = (flags: Flags, name: string, absent: string): string => `${flags[name] ?? absent}`;

function consensusKey({ pubkey }: Flags): string {
  if (typeof pubkey === "string" && Buffer.from(pubkey, "base64").length === 32) return pubkey;
  throw new CliError(
    "cli/usage",
    "--pubkey is missing, or not the base64 of 32 bytes.",
    "A running node's key is in `tacit status --output json`.",
  );
}
