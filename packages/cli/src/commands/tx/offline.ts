/** Transactions as files: sign elsewhere, sign together, send later. */
import {
  decodeMessage,
  encodeMessage,
  fromBase64,
  fromClientJson,
  type JsonValue,
  toBase64,
  toHex,
} from "@tacit/encoding";
import { type Tx, TxSchema } from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { Command } from "commander";
import { joinMultisig, signForMultisig, signTx } from "../../chain/transaction.ts";
import { type JsonMessage, networkTypes } from "../../chain/types.ts";
import { verifySignatures } from "../../chain/verify.ts";
import { CliError } from "../../errors.ts";
import { multisigKey } from "../../keys/multisig.ts";
import { addClientSettings, clientSettings, examples } from "../../options.ts";
import { print, table } from "../../output.ts";
import { addressOf, jsonOf } from "../parse.ts";
import { readTextFile } from "../read-file.ts";
import { messageCommand } from "./message-command.ts";
import {
  authorOf,
  numbersOf,
  openSigner,
  type SendFlags,
  signingFlags,
  signModeOf,
  submit,
  txJson,
} from "./send.ts";

export function offlineCommands(): Command[] {
  return [
    messagesCommand(),
    signCommand(),
    multiSignCommand(),
    broadcastCommand(),
    validateCommand(),
    encodeCommand(),
    decodeCommand(),
  ];
}

const fileText = "file with the transaction's JSON, as --generate-only prints it";

function messagesCommand(): Command {
  return messageCommand({
    name: "messages",
    description: "send any messages of the network, given as JSON",
    args: [
      ["messages", "one message or a list, each with its @type; @file reads them from a file"],
    ],
    build: (_, [text = ""]) => [jsonOf(text)].flat() as JsonMessage[],
    examples: [
      `tacit tx messages '{"@type":"/cosmos.bank.v1beta1.MsgSend","from_address":"secret1…","to_address":"secret1…","amount":[{"denom":"uscrt","amount":"5"}]}' --from a`,
    ],
  });
}

interface SignFlags extends SendFlags {
  readonly multisig?: string;
}

function signCommand(): Command {
  const command = signingFlags(addClientSettings(new Command("sign")))
    .description(
      "sign a transaction; prints it with the signature, or the signature for a multisig",
    )
    .argument("<transaction>", fileText)
    .requiredOption("--from <key>", "name of the key that signs")
    .option("--multisig <account>", "address or key of the multisig account it is for")
    .action(async (file: string, flags: SignFlags) => {
      const tx = readTx(file);
      const { settings, keyring, address } = authorOf(flags);
      const signer = await openSigner(flags, { keyring });
      if (flags.multisig === undefined) {
        const numbers = await numbersOf(flags, settings, address);
        print("json", txJson(signTx(tx, signer, numbers, signModeOf(flags))), String);
        return;
      }
      const numbers = await numbersOf(flags, settings, addressOf(keyring, flags.multisig));
      const signature = toBase64(signForMultisig(tx, signer, numbers));
      const sequence = `${numbers.sequence}`;
      print("json", { public_key: toHex(signer.publicKey), signature, sequence }, String);
    });
  return examples(command, [
    "tacit tx bank send a b 5uscrt --generate-only > tx.json",
    "tacit tx sign tx.json --from a > signed.json",
    "tacit tx sign tx.json --from a --multisig treasury > a.json",
  ]);
}

function multiSignCommand(): Command {
  const command = addClientSettings(new Command("multi-sign"))
    .description("join the signatures of a multisig's members; prints the signed transaction")
    .argument("<transaction>", fileText)
    .argument("<multisig>", "name of the multisig key")
    .argument("<signatures...>", "files, as `tacit tx sign --multisig` prints them")
    .action((file: string, name: string, files: readonly string[], flags: SendFlags) => {
      const { home } = clientSettings({ ...flags });
      const key = multisigKey(home, name);
      const parts = files.map(readSignature);
      const signatures = new Map<number, Uint8Array>();
      for (const { public_key, signature } of parts) {
        const position = key.members.findIndex((member) => toHex(member) === public_key);
        if (position < 0) {
          throw new CliError("cli/usage", `${public_key} is no member of ${name}.`);
        }
        signatures.set(position, fromBase64(signature));
      }
      if (signatures.size < key.threshold) {
        const message = `${name} needs ${key.threshold} signatures; there are ${signatures.size}.`;
        throw new CliError("cli/usage", message);
      }
      const tx = joinMultisig(readTx(file), key.publicKey, signatures, sequenceOf(parts));
      print("json", txJson(tx), String);
    });
  return examples(command, ["tacit tx multi-sign tx.json treasury a.json b.json > signed.json"]);
}

interface SignaturePart {
  readonly public_key: string;
  readonly signature: string;
  readonly sequence: string;
}

function readSignature(file: string): SignaturePart {
  const part = jsonOf(readTextFile(file)) as Partial<SignaturePart>;
  const { public_key, signature, sequence } = part;
  if (typeof public_key === "string" && typeof signature === "string" && sequence !== undefined) {
    return { public_key, signature, sequence };
  }
  const hint = "`tacit tx sign --multisig` makes them.";
  throw new CliError("cli/json", `${file} is no signature of a member.`, hint);
}

function sequenceOf(parts: readonly SignaturePart[]): bigint {
  const sequences = [...new Set(parts.map(({ sequence }) => sequence))];
  if (sequences.length === 1) return BigInt(sequences[0] as string);
  throw new CliError("cli/usage", "The signatures are for different sequences of the account.");
}

function broadcastCommand(): Command {
  const command = addClientSettings(new Command("broadcast"))
    .description("send a signed transaction")
    .argument("<transaction>", "file with its JSON")
    .option("--no-wait", "do not wait until it is in a block")
    .action(async (file: string, flags: SendFlags) => {
      await submit(flags, clientSettings({ ...flags }), encodeMessage(TxSchema, readTx(file)));
    });
  return examples(command, ["tacit tx broadcast signed.json"]);
}

function validateCommand(): Command {
  const command = signingFlags(addClientSettings(new Command("validate-signatures")))
    .description("check a transaction's signatures; ends with 1 if one is wrong")
    .argument("<transaction>", "file with its JSON")
    .action(async (file: string, flags: SendFlags) => {
      const settings = clientSettings({ ...flags });
      const results = await verifySignatures(readTx(file), (address) =>
        numbersOf(flags, settings, address),
      );
      print(settings.output, results, (list) =>
        table(list.map(({ address, valid, reason }) => [address, valid ? "valid" : reason])),
      );
      if (results.length === 0 || results.some(({ valid }) => !valid)) process.exitCode = 1;
    });
  return examples(command, [
    "tacit tx validate-signatures signed.json",
    "tacit tx validate-signatures signed.json --offline --chain-id secretdev-1 --account-number 0 --sequence 3",
  ]);
}

function encodeCommand(): Command {
  const command = new Command("encode")
    .description("print a transaction's bytes in base64")
    .argument("<transaction>", "file with its JSON")
    .action((file: string) => {
      process.stdout.write(`${toBase64(encodeMessage(TxSchema, readTx(file)))}\n`);
    });
  return examples(command, ["tacit tx encode signed.json"]);
}

function decodeCommand(): Command {
  const command = new Command("decode")
    .description("print a transaction as JSON")
    .argument("<bytes>", "in base64, or in hexadecimal digits")
    .action((text: string) => {
      const isHex = /^(?:[0-9a-fA-F]{2})+$/.test(text);
      const bytes = Buffer.from(text, isHex ? "hex" : "base64");
      print("json", txJson(decoded(Uint8Array.from(bytes))), String);
    });
  return examples(command, ["tacit tx decode Cp0BCpoB…"]);
}

function decoded(bytes: Uint8Array): Tx {
  try {
    return decodeMessage(TxSchema, bytes, { unknown: "reject", types: networkTypes() });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "";
    throw new CliError("cli/usage", `These bytes are no transaction: ${reason}.`, undefined, {
      cause,
    });
  }
}

/** @throws {CliError} `cli/file`, `cli/json`. */
function readTx(file: string): Tx {
  const json = jsonOf(readTextFile(file)) as JsonValue;
  try {
    return fromClientJson(TxSchema, json, { types: networkTypes() });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "";
    throw new CliError("cli/json", `${file} is no transaction: ${reason}.`, undefined, { cause });
  }
}
