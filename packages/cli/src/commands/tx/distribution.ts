/** `tacit tx distribution`. */
import type { Command } from "commander";
import { base } from "../../chain/node.ts";
import { getJson } from "../../client.ts";
import { CliError } from "../../errors.ts";
import { addressOf, coinsOf, operatorOf } from "../parse.ts";
import { group, messageCommand } from "./message-command.ts";

const type = (name: string) => `/cosmos.distribution.v1beta1.${name}`;
const validatorArgument = [
  "validator",
  "secretvaloper1…, or the account or key behind it",
] as const;

export function distributionCommand(): Command {
  return group("distribution", "rewards, commission and the community pool", [
    withdrawRewards(),
    withdrawAllRewards(),
    setWithdrawAddress(),
    fundCommunityPool(),
    depositRewards(),
    setAutoRestake(),
  ]);
}

function withdrawRewards(): Command {
  return messageCommand({
    name: "withdraw-rewards",
    description: "fetch the rewards of one delegation, and its operator's commission",
    args: [validatorArgument],
    options: [["--commission", "the commission too; only for the validator's own key"]],
    build: ({ address, keyring }, [validator = ""], flags) => {
      const validator_address = operatorOf(keyring, validator);
      const rewards = {
        "@type": type("MsgWithdrawDelegatorReward"),
        delegator_address: address,
        validator_address,
      };
      if (flags.commission !== true) return [rewards];
      return [rewards, { "@type": type("MsgWithdrawValidatorCommission"), validator_address }];
    },
    examples: [
      "tacit tx distribution withdraw-rewards secretvaloper1… --from b",
      "tacit tx distribution withdraw-rewards a --commission --from a",
    ],
  });
}

function withdrawAllRewards(): Command {
  return messageCommand({
    name: "withdraw-all-rewards",
    description: "fetch the rewards of all delegations, in one transaction",
    build: async ({ address, settings }) => {
      const path = `/cosmos/distribution/v1beta1/delegators/${address}/validators`;
      const { validators } = await getJson(`${base(settings.rest)}${path}`);
      const operators = validators as readonly string[];
      if (operators.length === 0) {
        throw new CliError("cli/refused", `${address} has delegated nothing.`);
      }
      return operators.map((validator_address) => ({
        "@type": type("MsgWithdrawDelegatorReward"),
        delegator_address: address,
        validator_address,
      }));
    },
    examples: ["tacit tx distribution withdraw-all-rewards --from b"],
  });
}

function setWithdrawAddress(): Command {
  return messageCommand({
    name: "set-withdraw-addr",
    description: "where this key's rewards go from now on",
    args: [["to", "address or name of a key"]],
    build: ({ address, keyring }, [to = ""]) => [
      {
        "@type": type("MsgSetWithdrawAddress"),
        delegator_address: address,
        withdraw_address: addressOf(keyring, to),
      },
    ],
    examples: ["tacit tx distribution set-withdraw-addr b --from a"],
  });
}

function fundCommunityPool(): Command {
  return messageCommand({
    name: "fund-community-pool",
    description: "give coins to the community pool",
    args: [["amount", "such as 1000000uscrt"]],
    build: ({ address }, [amount = ""]) => [
      { "@type": type("MsgFundCommunityPool"), depositor: address, amount: coinsOf(amount) },
    ],
    examples: ["tacit tx distribution fund-community-pool 1000000uscrt --from a"],
  });
}

function depositRewards(): Command {
  return messageCommand({
    name: "fund-validator-rewards-pool",
    description: "give coins to a validator and its delegators, as rewards",
    args: [validatorArgument, ["amount", "such as 1000000uscrt"]],
    build: ({ address, keyring }, [validator = "", amount = ""]) => [
      {
        "@type": type("MsgDepositValidatorRewardsPool"),
        depositor: address,
        validator_address: operatorOf(keyring, validator),
        amount: coinsOf(amount),
      },
    ],
    examples: ["tacit tx distribution fund-validator-rewards-pool a 1000uscrt --from b"],
  });
}

function setAutoRestake(): Command {
  return messageCommand({
    name: "set-auto-restake",
    description: "let the chain delegate the rewards of a delegation again and again",
    args: [validatorArgument, ["switch", "on or off"]],
    build: ({ address, keyring }, [validator = "", text = ""]) => {
      if (text !== "on" && text !== "off") {
        throw new CliError("cli/usage", `The switch is "${text}"; it is on or off.`);
      }
      return [
        {
          "@type": type("MsgSetAutoRestake"),
          delegator_address: address,
          validator_address: operatorOf(keyring, validator),
          enabled: text === "on",
        },
      ];
    },
    examples: ["tacit tx distribution set-auto-restake a on --from b"],
  });
}
