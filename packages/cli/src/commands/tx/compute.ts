/** `tacit tx compute`: what contracts are sent is encrypted by secretjs. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { Command } from "commander";
import type { TxResponse } from "secretjs";
import {
  checkTx,
  clientError,
  connectAs,
  type Sender,
  type TxFlags,
  txOptions,
} from "../../client.ts";
import { CliError } from "../../errors.ts";
import { Keyring } from "../../keys/keyring.ts";
import { addClientSettings, clientSettings, examples } from "../../options.ts";
import { print, table } from "../../output.ts";
import { addressOf, coinsOf, jsonOf } from "../parse.ts";
import { group, messageCommand } from "./message-command.ts";

/** Gas limits that fit; --gas overrides. */
const GAS = {
  store: 6_000_000,
  instantiate: 500_000,
  execute: 500_000,
  migrate: 500_000,
} as const;
const WASM_BYTES_MAX = 8 * 1024 * 1024;

export function computeCommand(): Command {
  return group("compute", "contracts", [
    storeCommand(),
    instantiateCommand(),
    executeCommand(),
    migrateCommand(),
    setAdminCommand(),
    clearAdminCommand(),
  ]);
}

function storeCommand(): Command {
  const command = txFlags(new Command("store"))
    .description("upload a contract's code; the answer has its code id")
    .argument("<file>", "WebAssembly, compressed by gzip or not")
    .action(async (file: string, flags: TxFlags) => {
      const wasm_byte_code = readWasm(file);
      await run(
        flags,
        ({ client, address }) =>
          client.tx.compute.storeCode(
            { sender: address, wasm_byte_code, source: "", builder: "" },
            txOptions(flags, GAS.store),
          ),
        (tx) => ({ code_id: attribute(tx, "message", "code_id") }),
      );
    });
  return examples(command, ["tacit tx compute store contracts/artifacts/snip20.wasm --from a"]);
}

function instantiateCommand(): Command {
  const command = txFlags(new Command("instantiate"))
    .description("make a contract from uploaded code; the answer has its address")
    .argument("<code-id>", "number of the code")
    .argument("<message>", "the contract's first message, as JSON; @file reads it from a file")
    .requiredOption("--label <text>", "the contract's name, the only one of its kind")
    .option("--admin <address>", "who may migrate it")
    .option("--amount <coins>", "coins to send along")
    .action(async (codeId: string, message: string, flags: InstantiateFlags) => {
      const init_msg = jsonOf(message) as object;
      const { home } = clientSettings({ ...flags });
      const admin = flags.admin && addressOf(new Keyring(home), flags.admin);
      await run(
        flags,
        async ({ client, address }) =>
          client.tx.compute.instantiateContract(
            {
              sender: address,
              code_id: codeId,
              ...(await client.query.compute.codeHashByCodeId({ code_id: codeId })),
              init_msg,
              label: flags.label,
              init_funds: coinsOf(flags.amount ?? ""),
              ...(admin !== undefined && { admin }),
            },
            txOptions(flags, GAS.instantiate),
          ),
        (tx) => ({
          // Contracts of the v0.10 interface have no `instantiate` event.
          contract_address:
            attribute(tx, "instantiate", "contract_address") ||
            attribute(tx, "message", "contract_address"),
        }),
      );
    });
  return examples(command, [
    `tacit tx compute instantiate 1 '{"count":1}' --label my-counter --from a`,
  ]);
}

interface InstantiateFlags extends TxFlags {
  readonly label: string;
  readonly admin?: string;
  readonly amount?: string;
}

function executeCommand(): Command {
  const command = txFlags(new Command("execute"))
    .description("send a message to a contract, encrypted; the answer is decrypted")
    .argument("<contract>", "its address")
    .argument("<message>", "JSON; @file reads it from a file")
    .option("--amount <coins>", "coins to send along")
    .action(
      async (contract: string, message: string, flags: TxFlags & { readonly amount?: string }) => {
        const msg = jsonOf(message) as object;
        await run(flags, async ({ client, address }) =>
          client.tx.compute.executeContract(
            {
              sender: address,
              contract_address: contract,
              ...(await client.query.compute.codeHashByContractAddress({
                contract_address: contract,
              })),
              msg,
              sent_funds: coinsOf(flags.amount ?? ""),
            },
            txOptions(flags, GAS.execute),
          ),
        );
      },
    );
  return examples(command, [`tacit tx compute execute secret1… '{"increment":{}}' --from a`]);
}

function migrateCommand(): Command {
  const command = txFlags(new Command("migrate"))
    .description("give a contract other code; only for its admin")
    .argument("<contract>", "its address")
    .argument("<code-id>", "number of the new code")
    .argument("<message>", "JSON for the new code; @file reads it from a file")
    .action(async (contract: string, codeId: string, message: string, flags: TxFlags) => {
      const msg = jsonOf(message) as object;
      await run(flags, async ({ client, address }) =>
        client.tx.compute.migrateContract(
          {
            sender: address,
            contract_address: contract,
            code_id: codeId,
            ...(await client.query.compute.codeHashByCodeId({ code_id: codeId })),
            msg,
          },
          txOptions(flags, GAS.migrate),
        ),
      );
    });
  return examples(command, [`tacit tx compute migrate secret1… 2 '{}' --from a`]);
}

function setAdminCommand(): Command {
  return messageCommand({
    name: "set-admin",
    description: "let another account migrate a contract; only for its admin",
    args: [
      ["contract", "its address"],
      ["admin", "address or name of a key"],
    ],
    build: ({ address, keyring }, [contract = "", admin = ""]) => [
      {
        "@type": "/secret.compute.v1beta1.MsgUpdateAdmin",
        sender: address,
        new_admin: addressOf(keyring, admin),
        contract,
      },
    ],
    examples: ["tacit tx compute set-admin secret1… b --from a"],
  });
}

function clearAdminCommand(): Command {
  return messageCommand({
    name: "clear-admin",
    description: "let nobody migrate a contract ever again; only for its admin",
    args: [["contract", "its address"]],
    build: ({ address }, [contract = ""]) => [
      { "@type": "/secret.compute.v1beta1.MsgClearAdmin", sender: address, contract },
    ],
    examples: ["tacit tx compute clear-admin secret1… --from a"],
  });
}

function txFlags(command: Command): Command {
  addClientSettings(command);
  command.requiredOption("--from <key>", "name of the key that signs and pays");
  return command
    .option("--gas <number>", "gas limit")
    .option("--gas-price <number>", "uscrt for a unit of gas (default: 0.1)")
    .option("--memo <text>", "a note that everybody can read")
    .option("--passphrase-file <path>", "read the key's passphrase from a file");
}

async function run(
  flags: TxFlags,
  send: (sender: Sender) => Promise<TxResponse>,
  extra: (tx: TxResponse) => Readonly<Record<string, string>> = () => ({}),
): Promise<void> {
  const settings = clientSettings({ ...flags });
  const sender = await connectAs(settings, flags.from, flags);
  let tx: TxResponse;
  try {
    tx = checkTx(await send(sender));
  } catch (error) {
    throw clientError(error, settings.rest);
  }
  print(settings.output, { ...(await summaryOf(tx)), ...extra(tx) }, (value) =>
    table(Object.entries(value).map(([name, field]) => [name.replaceAll("_", " "), textOf(field)])),
  );
}

/** What people want to know of a transaction, data and attributes decrypted. */
export async function summaryOf(tx: TxResponse): Promise<Record<string, unknown>> {
  const data = await contractData(tx);
  const attributes = (tx.arrayLog ?? [])
    .filter(({ type, key }) => type === "wasm" && key !== "contract_address")
    .map(({ key, value }) => ({ key, value }));
  return {
    txhash: tx.transactionHash,
    height: tx.height,
    gas_used: tx.gasUsed,
    gas_wanted: tx.gasWanted,
    ...(attributes.length > 0 && { attributes }),
    ...(data.length > 0 && { data }),
  };
}

/** What contracts answered, as text; answers that are none are in base64. */
async function contractData(tx: TxResponse): Promise<string[]> {
  const { MsgExecuteContractResponse, MsgInstantiateContractResponse } = await import("secretjs");
  const messages = tx.tx.body?.messages ?? [];
  return tx.data.flatMap((bytes, index) => {
    const type = String((messages[index] as { "@type"?: string } | undefined)?.["@type"]);
    const codec = type.endsWith("MsgInstantiateContract")
      ? MsgInstantiateContractResponse
      : MsgExecuteContractResponse;
    if (!/Msg(Instantiate|Execute|Migrate)Contract$/.test(type)) return [];
    const { data } = codec.decode(bytes);
    const text = Buffer.from(data).toString("utf8").trim();
    if (text === "") return [];
    return [/^[\x20-\x7e]+$/.test(text) ? text : Buffer.from(data).toString("base64")];
  });
}

function textOf(field: unknown): string {
  return typeof field === "object" ? JSON.stringify(field) : String(field);
}

function attribute(tx: TxResponse, type: string, key: string): string {
  const found = tx.arrayLog?.find((entry) => entry.type === type && entry.key === key);
  return found?.value ?? "";
}

function readWasm(file: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new CliError("cli/file", `The file ${file} cannot be read.`, undefined, { cause });
  }
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const isWasm = Buffer.from(bytes.subarray(0, 4)).toString("latin1") === "\0asm";
  if (!isGzip && !isWasm) {
    throw new CliError("cli/file", `${file} is neither WebAssembly nor compressed by gzip.`);
  }
  if (bytes.length > WASM_BYTES_MAX) {
    throw new CliError("cli/file", `${file} is larger than ${WASM_BYTES_MAX} bytes.`);
  }
  return isGzip ? bytes : gzipSync(bytes, { level: 9 });
}
