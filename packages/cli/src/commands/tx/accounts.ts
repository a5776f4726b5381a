/** `tacit tx vesting` and `tacit tx circuit`. */
import type { Command } from "commander";
import { CliError } from "../../errors.ts";
import { addressOf, coinsOf, jsonOf, timeOf } from "../parse.ts";
import { group, messageCommand } from "./message-command.ts";

const toArgument = ["to", "address of the new account"] as const;
const amountArgument = ["amount", "such as 1000000uscrt"] as const;
const vesting = (name: string) => `/cosmos.vesting.v1beta1.${name}`;

export function vestingCommand(): Command {
  return group("vesting", "accounts whose coins become free with time", [
    createVestingAccount(),
    createPermanentLocked(),
    createPeriodic(),
  ]);
}

function createVestingAccount(): Command {
  return messageCommand({
    name: "create-vesting-account",
    description: "coins become free evenly until a time, or all at once then",
    args: [toArgument, amountArgument, ["end", "RFC 3339, seconds since 1970, or +365d"]],
    options: [["--delayed", "all at once"]],
    build: ({ address, keyring }, [to = "", amount = "", end = ""], { delayed }) => [
      {
        "@type": vesting("MsgCreateVestingAccount"),
        from_address: address,
        to_address: addressOf(keyring, to),
        amount: coinsOf(amount),
        end_time: secondsOf(end),
        delayed: delayed === true,
      },
    ],
    examples: ["tacit tx vesting create-vesting-account secret1… 1000uscrt +365d --from a"],
  });
}

function createPermanentLocked(): Command {
  return messageCommand({
    name: "create-permanent-locked-account",
    description: "coins that can be delegated and never sent",
    args: [toArgument, amountArgument],
    build: ({ address, keyring }, [to = "", amount = ""]) => [
      {
        "@type": vesting("MsgCreatePermanentLockedAccount"),
        from_address: address,
        to_address: addressOf(keyring, to),
        amount: coinsOf(amount),
      },
    ],
    examples: ["tacit tx vesting create-permanent-locked-account secret1… 1000uscrt --from a"],
  });
}

function createPeriodic(): Command {
  return messageCommand({
    name: "create-periodic-vesting-account",
    description: "coins become free in steps",
    args: [
      toArgument,
      ["start", "RFC 3339, seconds since 1970, or +0s"],
      ["periods", `JSON: [{"coins": "10uscrt", "length_seconds": 3600}]; @file reads a file`],
    ],
    build: ({ address, keyring }, [to = "", start = "", periods = ""]) => [
      {
        "@type": vesting("MsgCreatePeriodicVestingAccount"),
        from_address: address,
        to_address: addressOf(keyring, to),
        start_time: secondsOf(start),
        vesting_periods: periodsOf(jsonOf(periods)),
      },
    ],
    examples: [
      `tacit tx vesting create-periodic-vesting-account secret1… +0s '[{"coins":"10uscrt","length_seconds":60}]' --from a`,
    ],
  });
}

function periodsOf(given: unknown) {
  if (!Array.isArray(given)) throw new CliError("cli/json", "Periods are a list.");
  return given.map(({ coins, length_seconds }: { coins: string; length_seconds: number }) => ({
    amount: coinsOf(String(coins ?? "")),
    length: String(length_seconds ?? 0),
  }));
}

const secondsOf = (text: string) => `${Math.floor(Date.parse(timeOf(text)) / 1_000)}`;

const levels = {
  "some-msgs": "LEVEL_SOME_MSGS",
  "all-msgs": "LEVEL_ALL_MSGS",
  "super-admin": "LEVEL_SUPER_ADMIN",
} as const;

export function circuitCommand(): Command {
  return group("circuit", "messages switched off in an emergency", [
    authorize(),
    switchMessages("disable", "refuse messages of these types", "MsgTripCircuitBreaker"),
    switchMessages("reset", "accept them again", "MsgResetCircuitBreaker"),
  ]);
}

function authorize(): Command {
  return messageCommand({
    name: "authorize",
    description: "let an account switch messages off",
    args: [
      ["grantee", "address or name of a key"],
      ["level", Object.keys(levels).join(", ")],
    ],
    options: [["--msg-types <urls>", "of some-msgs, separated by commas"]],
    build: ({ address, keyring }, [grantee = "", text = ""], { msgTypes }) => {
      const level = levels[text as keyof typeof levels];
      if (level === undefined) {
        const known = Object.keys(levels).join(", ");
        throw new CliError("cli/usage", `"${text}" is no level; there are ${known}.`);
      }
      const limit_type_urls = typeof msgTypes === "string" ? msgTypes.split(",") : [];
      return [
        {
          "@type": "/cosmos.circuit.v1.MsgAuthorizeCircuitBreaker",
          granter: address,
          grantee: addressOf(keyring, grantee),
          permissions: { level, limit_type_urls },
        },
      ];
    },
    examples: ["tacit tx circuit authorize b super-admin --from a"],
  });
}

function switchMessages(name: string, description: string, type: string): Command {
  return messageCommand({
    name,
    description,
    args: [["msg-types", "separated by commas: /cosmos.bank.v1beta1.MsgMultiSend"]],
    build: ({ address }, [types = ""]) => [
      {
        "@type": `/cosmos.circuit.v1.${type}`,
        authority: address,
        msg_type_urls: types.split(","),
      },
    ],
    examples: [`tacit tx circuit ${name} /cosmos.bank.v1beta1.MsgMultiSend --from a`],
  });
}
