/** `tacit tx authz` and `tacit tx feegrant`: what an account lets others do. */
import type { Command } from "commander";
import type { JsonMessage } from "../../chain/types.ts";
import { CliError } from "../../errors.ts";
import { addressOf, coinOf, coinsOf, jsonOf, operatorOf, timeOf } from "../parse.ts";
import { readTextFile } from "../read-file.ts";
import { type Flags, group, messageCommand } from "./message-command.ts";
import type { Author } from "./send.ts";

const granteeArgument = ["grantee", "who may: address or name of a key"] as const;

export function authzCommand(): Command {
  return group("authz", "messages that others may send in one's name", [
    authzGrant(),
    authzExec(),
    authzRevoke(),
  ]);
}

export function feegrantCommand(): Command {
  return group("feegrant", "fees that others may pay from one's coins", [
    feegrantGrant(),
    feegrantRevoke(),
  ]);
}

function authzGrant(): Command {
  return messageCommand({
    name: "grant",
    description: "let an account send messages in one's name",
    args: [granteeArgument, ["kind", "send, generic, delegate, unbond or redelegate"]],
    options: [
      ["--spend-limit <coins>", "of send, or of one coin for the kinds of staking"],
      ["--allow-list <addresses>", "recipients, or validators; separated by commas"],
      ["--deny-validators <addresses>", "validators that are excluded; separated by commas"],
      ["--msg-type <url>", "of generic: /cosmos.gov.v1.MsgVote"],
      ["--expiration <time>", "RFC 3339, seconds since 1970, or +30d from now (default: never)"],
    ],
    build: (author, [grantee = "", kind = ""], flags) => [
      {
        "@type": "/cosmos.authz.v1beta1.MsgGrant",
        granter: author.address,
        grantee: addressOf(author.keyring, grantee),
        grant: {
          authorization: authorizationOf(author, kind, flags),
          ...expirationOf(flags),
        },
      },
    ],
    examples: [
      "tacit tx authz grant b send --spend-limit 1000000uscrt --expiration +30d --from a",
      "tacit tx authz grant b generic --msg-type /cosmos.gov.v1.MsgVote --from a",
      "tacit tx authz grant b delegate --allow-list secretvaloper1… --from a",
    ],
  });
}

const stakingKinds = {
  delegate: "AUTHORIZATION_TYPE_DELEGATE",
  unbond: "AUTHORIZATION_TYPE_UNDELEGATE",
  redelegate: "AUTHORIZATION_TYPE_REDELEGATE",
} as const;

function authorizationOf({ keyring }: Author, kind: string, flags: Flags): JsonMessage {
  const listed = listOf(flags.allowList);
  const limit = flags.spendLimit as string | undefined;
  if (kind === "send") {
    return {
      "@type": "/cosmos.bank.v1beta1.SendAuthorization",
      spend_limit: coinsOf(needed(limit, "--spend-limit")),
      allow_list: listed.map((one) => addressOf(keyring, one)),
    };
  }
  if (kind === "generic") {
    return {
      "@type": "/cosmos.authz.v1beta1.GenericAuthorization",
      msg: needed(flags.msgType as string | undefined, "--msg-type"),
    };
  }
  const authorization_type = stakingKinds[kind as keyof typeof stakingKinds];
  if (authorization_type === undefined) {
    const known = ["send", "generic", ...Object.keys(stakingKinds)].join(", ");
    throw new CliError("cli/usage", `"${kind}" is no kind of grant; there are ${known}.`);
  }
  const operators = (list: readonly string[]) => ({
    address: list.map((one) => operatorOf(keyring, one)),
  });
  const denied = listOf(flags.denyValidators);
  return {
    "@type": "/cosmos.staking.v1beta1.StakeAuthorization",
    authorization_type,
    ...(limit !== undefined && { max_tokens: coinOf(limit) }),
    ...(denied.length > 0 ? { deny_list: operators(denied) } : { allow_list: operators(listed) }),
  };
}

function authzExec(): Command {
  return messageCommand({
    name: "exec",
    description: "send messages in the name of those who granted them",
    args: [["transaction", "file with an unsigned transaction, as --generate-only prints it"]],
    build: ({ address }, [file = ""]) => [
      { "@type": "/cosmos.authz.v1beta1.MsgExec", grantee: address, msgs: messagesOf(file) },
    ],
    examples: [
      "tacit tx bank send a c 5uscrt --generate-only > tx.json",
      "tacit tx authz exec tx.json --from b",
    ],
  });
}

function messagesOf(file: string): JsonMessage[] {
  const { body } = jsonOf(readTextFile(file)) as { body?: { messages?: JsonMessage[] } };
  if (Array.isArray(body?.messages)) return body.messages;
  throw new CliError("cli/json", `${file} has no transaction: body.messages is missing.`);
}

function authzRevoke(): Command {
  return messageCommand({
    name: "revoke",
    description: "take a grant back",
    args: [granteeArgument, ["msg-type", "type of the message: /cosmos.bank.v1beta1.MsgSend"]],
    build: ({ address, keyring }, [grantee = "", msg_type_url = ""]) => [
      {
        "@type": "/cosmos.authz.v1beta1.MsgRevoke",
        granter: address,
        grantee: addressOf(keyring, grantee),
        msg_type_url,
      },
    ],
    examples: ["tacit tx authz revoke b /cosmos.bank.v1beta1.MsgSend --from a"],
  });
}

function feegrantGrant(): Command {
  return messageCommand({
    name: "grant",
    description: "let an account pay fees from one's coins",
    args: [granteeArgument],
    options: [
      ["--spend-limit <coins>", "in all (default: none)"],
      ["--expiration <time>", "RFC 3339, seconds since 1970, or +30d from now (default: never)"],
      ["--period <seconds>", "with --period-limit: a limit that comes back"],
      ["--period-limit <coins>", "for each period"],
      ["--allowed-messages <urls>", "types of messages, separated by commas (default: all)"],
    ],
    build: ({ address, keyring }, [grantee = ""], flags) => [
      {
        "@type": "/cosmos.feegrant.v1beta1.MsgGrantAllowance",
        granter: address,
        grantee: addressOf(keyring, grantee),
        allowance: allowanceOf(flags),
      },
    ],
    examples: [
      "tacit tx feegrant grant b --spend-limit 1000000uscrt --expiration +90d --from a",
      "tacit tx feegrant grant b --period 3600 --period-limit 10000uscrt --from a",
    ],
  });
}

function allowanceOf(flags: Flags): JsonMessage {
  const basic = {
    spend_limit: coinsOf((flags.spendLimit as string | undefined) ?? ""),
    ...expirationOf(flags),
  };
  const hasPeriod = flags.period !== undefined || flags.periodLimit !== undefined;
  const allowance: JsonMessage = hasPeriod
    ? periodicAllowance(flags, basic)
    : { "@type": "/cosmos.feegrant.v1beta1.BasicAllowance", ...basic };
  const allowed_messages = listOf(flags.allowedMessages);
  if (allowed_messages.length === 0) return allowance;
  return { "@type": "/cosmos.feegrant.v1beta1.AllowedMsgAllowance", allowance, allowed_messages };
}

function periodicAllowance(flags: Flags, basic: { readonly [name: string]: never } | object) {
  const seconds = needed(flags.period as string | undefined, "--period");
  const limit = coinsOf(needed(flags.periodLimit as string | undefined, "--period-limit"));
  return {
    "@type": "/cosmos.feegrant.v1beta1.PeriodicAllowance",
    basic,
    period: `${Number(seconds)}s`,
    period_spend_limit: limit,
    period_can_spend: limit,
    period_reset: timeOf(`+${seconds}s`),
  } as JsonMessage;
}

function feegrantRevoke(): Command {
  return messageCommand({
    name: "revoke",
    description: "take the allowance back",
    args: [granteeArgument],
    build: ({ address, keyring }, [grantee = ""]) => [
      {
        "@type": "/cosmos.feegrant.v1beta1.MsgRevokeAllowance",
        granter: address,
        grantee: addressOf(keyring, grantee),
      },
    ],
    examples: ["tacit tx feegrant revoke b --from a"],
  });
}

function expirationOf({ expiration }: Flags) {
  return expiration === undefined ? {} : { expiration: timeOf(`${expiration}`) };
}

function listOf(text: Flags[string]): string[] {
  return typeof text === "string" && text !== "" ? text.split(",") : [];
}

function needed(text: string | undefined, flag: string): string {
  if (text !== undefined) return text;
  throw new CliError("cli/usage", `${flag} is missing.`);
}
