/** `tacit query`: what the chain knows, and what contracts answer. */
import { Command } from "commander";
import { checkTx, clientError, connect, connectAs, getJson, type TxFlags } from "../client.ts";
import type { ClientSettings } from "../config.ts";
import { CliError } from "../errors.ts";
import { Keyring } from "../keys/keyring.ts";
import { addClientSettings, clientSettings, examples } from "../options.ts";
import { print, table } from "../output.ts";
import { gasReportCommand } from "./gas-report.ts";
import { addressOf, jsonOf, positiveInteger } from "./parse.ts";
import { addServiceQueries } from "./query-services.ts";
import { readable } from "./readable.ts";
import { summaryOf } from "./tx/compute.ts";

type Flags = Readonly<Record<string, unknown>>;
type Json = Record<string, unknown>;

export function queryCommand(): Command {
  const query = new Command("query").alias("q").description("read the chain and its contracts");
  const bank = new Command("bank").description("native coins");
  bank.addCommand(balancesCommand());
  bank.addCommand(supplyCommand());
  query.addCommand(bank);
  query.addCommand(computeCommand());
  query.addCommand(accountCommand());
  query.addCommand(txCommand());
  query.addCommand(gasReportCommand());
  query.addCommand(blockCommand());
  addServiceQueries(query);
  return examples(query, [
    "tacit query bank balances a",
    `tacit query compute query secret1… '{"get_count":{}}'`,
    "tacit query staking validators",
    "tacit query distribution rewards a",
    "tacit query gov proposals --proposal-status PROPOSAL_STATUS_VOTING_PERIOD",
    "tacit query tx 4F2A…",
    "tacit query block",
  ]);
}

function balancesCommand(): Command {
  const command = addClientSettings(new Command("balances"))
    .description("all coins of an account")
    .argument("<account>", "address or name of a key")
    .action(async (account: string, flags: Flags) => {
      const settings = clientSettings(flags);
      const address = addressOf(new Keyring(settings.home), account);
      const { balances } = await rest(settings, `/cosmos/bank/v1beta1/balances/${address}`);
      print(settings.output, balances as Coin[], (coins) =>
        coins.length === 0 ? "none" : coins.map((c) => `${c.amount}${c.denom}`).join("\n"),
      );
    });
  return examples(command, ["tacit query bank balances a", "tacit query bank balances secret1…"]);
}

interface Coin {
  readonly denom: string;
  readonly amount: string;
}

function supplyCommand(): Command {
  const command = addClientSettings(new Command("supply"))
    .description("all coins there are")
    .action(async (flags: Flags) => {
      const settings = clientSettings(flags);
      const { supply } = await rest(settings, "/cosmos/bank/v1beta1/supply");
      print(settings.output, supply as Coin[], (coins) =>
        coins.map((c) => `${c.amount}${c.denom}`).join("\n"),
      );
    });
  return examples(command, ["tacit query bank supply"]);
}

function computeCommand(): Command {
  const compute = new Command("compute").description("contracts");
  compute.addCommand(
    restCommand("list-code", "all uploaded codes", [], () => "codes", [
      "tacit query compute list-code",
    ]),
  );
  compute.addCommand(
    restCommand(
      "list-contracts",
      "contracts of one code",
      ["code-id"],
      ([id]) => `contracts/${id}`,
      ["tacit query compute list-contracts 1"],
    ),
  );
  compute.addCommand(
    restCommand(
      "contract-info",
      "code, creator and label of a contract",
      ["contract"],
      ([address]) => `info/${address}`,
      ["tacit query compute contract-info secret1…"],
    ),
  );
  compute.addCommand(
    restCommand(
      "code-hash",
      "SHA-256 of a contract's code, to which messages are bound",
      ["contract"],
      ([address]) => `code_hash/by_contract_address/${address}`,
      ["tacit query compute code-hash secret1…"],
    ),
  );
  compute.addCommand(contractQueryCommand());
  return compute;
}

function restCommand(
  name: string,
  description: string,
  args: readonly string[],
  path: (values: readonly string[]) => string,
  lines: readonly string[],
): Command {
  const command = addClientSettings(new Command(name)).description(description);
  for (const arg of args) command.argument(`<${arg}>`);
  command.action(async (...values: unknown[]) => {
    const given = values.slice(0, args.length).map((value) => encodeURIComponent(String(value)));
    const settings = clientSettings(values[args.length] as Flags);
    const answer = await rest(settings, `/compute/v1beta1/${path(given)}`);
    print(settings.output, answer, readable);
  });
  return examples(command, lines);
}

function contractQueryCommand(): Command {
  const command = addClientSettings(new Command("query"))
    .description("ask a contract, encrypted both ways")
    .argument("<contract>", "its address")
    .argument("<message>", "JSON; @file reads it from a file")
    .action(async (contract: string, message: string, flags: Flags) => {
      const settings = clientSettings(flags);
      const query = jsonOf(message) as object;
      const client = await connect(settings);
      try {
        const { code_hash } = await client.query.compute.codeHashByContractAddress({
          contract_address: contract,
        });
        const answer = await client.query.compute.queryContract({
          contract_address: contract,
          query,
          ...(code_hash !== undefined && { code_hash }),
        });
        // secretjs gives a contract's refusal as text, its answer as a value.
        if (typeof answer === "string") {
          throw new CliError("cli/refused", `The contract answers with an error: ${answer}`);
        }
        print(settings.output, answer, (value) => JSON.stringify(value, undefined, 2));
      } catch (error) {
        throw clientError(error, settings.rest);
      }
    });
  return examples(command, [
    `tacit query compute query secret1… '{"get_count":{}}'`,
    `tacit query compute query secret1… '{"balance":{"address":"secret1…","key":"…"}}'`,
  ]);
}

function accountCommand(): Command {
  const command = addClientSettings(new Command("account"))
    .description("number and sequence of an account")
    .argument("<account>", "address or name of a key")
    .action(async (account: string, flags: Flags) => {
      const settings = clientSettings(flags);
      const address = addressOf(new Keyring(settings.home), account);
      const answer = await rest(settings, `/cosmos/auth/v1beta1/accounts/${address}`);
      print(settings.output, answer.account as Json, readable);
    });
  return examples(command, ["tacit query account a"]);
}

function txCommand(): Command {
  const command = addClientSettings(new Command("tx"))
    .description("one transaction by its hash")
    .argument("<hash>", "64 hexadecimal digits")
    .option("--from <key>", "decrypt what this key sent and got")
    .option("--passphrase-file <path>", "read the key's passphrase from a file")
    .action(async (hash: string, flags: Flags) => {
      if (!/^[0-9a-fA-F]{64}$/.test(hash)) {
        throw new CliError("cli/usage", `"${hash}" is not a hash of 64 hexadecimal digits.`);
      }
      const settings = clientSettings(flags);
      if (flags.from === undefined) {
        const answer = await rest(settings, `/cosmos/tx/v1beta1/txs/${hash.toUpperCase()}`);
        print(settings.output, answer.tx_response as Json, readable);
        return;
      }
      const { client } = await connectAs(settings, String(flags.from), flags as unknown as TxFlags);
      const tx = await client.query.getTx(hash.toUpperCase());
      if (tx === null) throw new CliError("cli/not_found", `There is no transaction ${hash}.`);
      print(settings.output, await summaryOf(checkTx(tx)), readable);
    });
  return examples(command, ["tacit query tx 4F2A… --output json", "tacit query tx 4F2A… --from a"]);
}

function blockCommand(): Command {
  const command = addClientSettings(new Command("block"))
    .description("a block; the newest without a height")
    .argument("[height]", "its height")
    .action(async (height: string | undefined, flags: Flags) => {
      const settings = clientSettings(flags);
      const name = height === undefined ? "latest" : positiveInteger(height, "height");
      const answer = await rest(settings, `/cosmos/base/tendermint/v1beta1/blocks/${name}`);
      print(settings.output, answer, blockLines);
    });
  return examples(command, ["tacit query block", "tacit query block 12 --output json"]);
}

function blockLines(answer: Json): string {
  const { block, block_id } = answer as unknown as RestBlock;
  const { header, data } = block;
  return table([
    ["height", header.height],
    ["time", header.time],
    ["hash", Buffer.from(block_id.hash, "base64").toString("hex").toUpperCase()],
    ["app hash", Buffer.from(header.app_hash, "base64").toString("hex").toUpperCase()],
    ["transactions", `${data.txs.length}`],
  ]);
}

interface RestBlock {
  readonly block_id: { readonly hash: string };
  readonly block: {
    readonly header: { readonly height: string; readonly time: string; readonly app_hash: string };
    readonly data: { readonly txs: readonly string[] };
  };
}

async function rest(settings: ClientSettings, path: string): Promise<Json> {
  return getJson(`${settings.rest.replace(/\/+$/, "")}${path}`);
}
