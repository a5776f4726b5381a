/** `tacit genesis`: accounts and validators of a chain that has not begun. */
import { Command } from "commander";
import { CliError } from "../errors.ts";
import { Keyring } from "../keys/keyring.ts";
import { readPassphrase } from "../keys/passphrase.ts";
import { addClientSettings, clientSettings, examples } from "../options.ts";
import type { OutputFormat } from "../output.ts";
import { print, table } from "../output.ts";
import { addressOf } from "./parse.ts";

export function genesisCommand(): Command {
  const genesis = new Command("genesis").description(
    "add accounts and first validators to a genesis document, and check it",
  );
  genesis.addCommand(addAccountCommand());
  genesis.addCommand(gentxCommand());
  genesis.addCommand(collectCommand());
  genesis.addCommand(validateCommand());
  return examples(genesis, [
    "tacit init --home node --chain-id my-chain-1",
    "tacit genesis add-account a 1000000000uscrt --home node",
    "tacit genesis gentx a 100000000uscrt --home node",
    "tacit genesis collect-gentxs --home node",
    "tacit genesis validate --home node",
    "tacit start --home node",
  ]);
}

interface AccountFlags {
  readonly vestingAmount?: string;
  readonly vestingStartTime?: string;
  readonly vestingEndTime?: string;
  readonly append?: boolean;
}

function addAccountCommand(): Command {
  const command = addClientSettings(new Command("add-account"), ["home", "output"])
    .description("give an account coins")
    .argument("<account>", "address or name of a key")
    .argument("<coins>", "such as 1000000uscrt")
    .option("--vesting-amount <coins>", "what of them is locked")
    .option("--vesting-start-time <seconds>", "unlock steadily from this time on (Unix)")
    .option("--vesting-end-time <seconds>", "when all is unlocked (Unix)")
    .option("--append", "add the coins to an account that is there")
    .action(async (account: string, coins: string, flags: AccountFlags) => {
      const { home, output } = clientSettings({ ...flags });
      const address = addressOf(new Keyring(home), account);
      const { addAccount } = await import("../node/genesis-edit.ts");
      addAccount(home, {
        address,
        coins,
        append: flags.append === true,
        ...vestingOf(flags),
      });
      print(output, { address, coins }, () => `${address} has ${coins}`);
    });
  return examples(command, [
    "tacit genesis add-account a 1000000000uscrt",
    "tacit genesis add-account secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne 5000000uscrt --append",
    "tacit genesis add-account b 9000000uscrt --vesting-amount 8000000uscrt --vesting-end-time 1893456000",
  ]);
}

/** @throws {CliError} `cli/usage` for a part of vesting without the others. */
function vestingOf({ vestingAmount, vestingStartTime, vestingEndTime }: AccountFlags) {
  if (vestingAmount === undefined) {
    if (vestingStartTime === undefined && vestingEndTime === undefined) return {};
    throw new CliError("cli/usage", "Times of vesting go with --vesting-amount.");
  }
  if (vestingEndTime === undefined) {
    throw new CliError("cli/usage", "--vesting-amount goes with --vesting-end-time.");
  }
  return {
    vesting: {
      amount: vestingAmount,
      end: secondsOf(vestingEndTime, "--vesting-end-time"),
      ...(vestingStartTime !== undefined && {
        start: secondsOf(vestingStartTime, "--vesting-start-time"),
      }),
    },
  };
}

function secondsOf(text: string, flag: string): bigint {
  if (/^[0-9]{1,12}$/.test(text)) return BigInt(text);
  throw new CliError("cli/usage", `${flag} is "${text}", which is no time in seconds since 1970.`);
}

interface GentxFlags {
  readonly moniker?: string;
  readonly commissionRate: string;
  readonly commissionMaxRate: string;
  readonly commissionMaxChangeRate: string;
  readonly minSelfDelegation: string;
  readonly p2pAddress: string;
  readonly passphraseFile?: string;
  readonly outputDocument?: string;
}

function gentxCommand(): Command {
  const command = addClientSettings(new Command("gentx"), ["home", "output"])
    .description("sign for a first validator: this node, with stake of a key's account")
    .argument("<key>", "name of the operator's key")
    .argument("<stake>", "such as 100000000uscrt")
    .option("--moniker <text>", "the validator's name; the key's by default")
    .option("--commission-rate <decimal>", "part of rewards that the operator keeps", "0.1")
    .option("--commission-max-rate <decimal>", "how far it may rise", "0.2")
    .option("--commission-max-change-rate <decimal>", "how far it may rise in a day", "0.01")
    .option("--min-self-delegation <number>", "below which the validator is jailed", "1")
    .option("--p2p-address <host:port>", "where other nodes reach this one", "127.0.0.1:26656")
    .option("--passphrase-file <path>", "read the passphrase from the first line of a file")
    .option("--output-document <path>", "write there instead of config/gentx/")
    .action(async (name: string, stake: string, flags: GentxFlags) => {
      const { home, output } = clientSettings({ ...flags });
      const key = await new Keyring(home).open(name, () => readPassphrase(flags, `of key ${name}`));
      const { makeGenTx } = await import("../node/genesis-edit.ts");
      const path = makeGenTx(home, {
        ...flags,
        key,
        stake,
        moniker: flags.moniker ?? name,
        reachedAt: flags.p2pAddress,
      });
      print(output, { path }, () => `wrote ${path}`);
    });
  return examples(command, [
    "tacit genesis gentx a 100000000uscrt",
    "tacit genesis gentx alice 100000000uscrt --moniker alice --commission-rate 0.05",
  ]);
}

function collectCommand(): Command {
  const command = addClientSettings(new Command("collect-gentxs"), ["home", "output"])
    .description("put signed genesis transactions into the genesis document")
    .option("--gentx-dir <path>", "where they are; config/gentx by default")
    .action(async (flags: { readonly gentxDir?: string }) => {
      const { home, output } = clientSettings({ ...flags });
      const { collect } = await import("../node/genesis-edit.ts");
      const files = collect(home, flags.gentxDir);
      print(output, { collected: files }, () =>
        files.map((file) => `collected ${file}`).join("\n"),
      );
    });
  return examples(command, [
    "tacit genesis collect-gentxs",
    "tacit genesis collect-gentxs --gentx-dir ~/gentxs",
  ]);
}

function validateCommand(): Command {
  const command = addClientSettings(new Command("validate"), ["home", "output"])
    .description("check sums, references, addresses and limits, and say where something is wrong")
    .argument("[file]", "the document; that of the home directory by default")
    .option("--quick", "leave out handing every part to its module")
    .action(async (file: string | undefined, flags: { readonly quick?: boolean }) => {
      const { home, output } = clientSettings({ ...flags });
      const { validate } = await import("../node/genesis-edit.ts");
      const facts = validate(home, {
        file,
        quick: flags.quick === true,
        onStep: stepsTo(output),
      });
      print(output, { valid: true, ...facts }, () =>
        table([
          ["valid", "yes"],
          ["file", facts.file],
          ["chain", facts.chainId],
          ["accounts", `${facts.accounts}`],
          ["validators", `${facts.validators}`],
        ]),
      );
    });
  return examples(command, [
    "tacit genesis validate",
    "tacit genesis validate export.json --output json",
  ]);
}

/** Progress is for people. */
function stepsTo(output: OutputFormat): (step: string) => void {
  if (output === "json" || process.stderr.isTTY !== true) return () => {};
  return (step) => process.stderr.write(`checking ${step}…\n`);
}
