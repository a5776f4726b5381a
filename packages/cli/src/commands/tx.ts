/** `tacit tx`: sign, send and wait. */
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
} from "../client.ts";
import { CliError } from "../errors.ts";
import { Keyring } from "../keys/keyring.ts";
import { addClientSettings, clientSettings, examples } from "../options.ts";
import { print, table } from "../output.ts";
import { addressOf, coinsOf, jsonOf } from "./parse.ts";

/** Gas limits that fit; --gas overrides. */
const GAS = { send: 40_000, store: 6_000_000, instantiate: 500_000, execute: 500_000 } as const;
const WASM_BYTES_MAX = 8 * 1024 * 1024;

export function txCommand(): Command {
  const tx = new Command("tx").description("send transactions and wait until they are in a block");
  const bank = new Command("bank").description("native coins");
  bank.addCommand(sendCommand());
  const compute = new Command("compute").description("contracts");
  compute.addCommand(storeCommand());
  compute.addCommand(instantiateCommand());
  compute.addCommand(executeCommand());
  tx.addCommand(bank);
  tx.addCommand(compute);
  return examples(tx, [
    "tacit tx bank send a secret1… 1000000uscrt",
    "tacit tx compute store contracts/artifacts/counter.wasm --from a",
  ]);
}

function sendCommand(): Command {
  const command = txFlags(new Command("send"), false)
    .description("send coins")
    .argument("<from>", "name of the key that pays")
    .argument("<to>", "address or name of a key")
    .argument("<amount>", "such as 1000000uscrt")
    .action(async (from: string, to: string, amount: string, flags: TxFlags) => {
      const coins = coinsOf(amount);
      const { home } = clientSettings({ ...flags });
      const to_address = addressOf(new Keyring(home), to);
      await run({ ...flags, from }, ({ client, address }) =>
        client.tx.bank.send(
          { from_address: address, to_address, amount: coins },
          txOptions(flags, GAS.send),
        ),
      );
    });
  return examples(command, [
    "tacit tx bank send a b 1000000uscrt",
    "tacit tx bank send alice secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne 5000000uscrt --memo rent",
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

function txFlags(command: Command, withFrom = true): Command {
  addClientSettings(command);
  if (withFrom) command.requiredOption("--from <key>", "name of the key that signs and pays");
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
