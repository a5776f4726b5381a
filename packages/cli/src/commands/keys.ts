/** `tacit keys`: the key ring. */
import { Command } from "commander";
import { CliError } from "../errors.ts";
import { checkMnemonic, newMnemonic } from "../keys/derive.ts";
import { type KeyInfo, Keyring } from "../keys/keyring.ts";
import { addMultisig, makeMultisig, memberKey } from "../keys/multisig.ts";
import { readHidden, readNewPassphrase, readPassphrase } from "../keys/passphrase.ts";
import { addClientSettings, clientSettings, examples } from "../options.ts";
import { painterFor, print, table } from "../output.ts";

interface KeyFlags {
  readonly passphraseFile?: string;
  readonly index?: string;
  readonly yes?: boolean;
}

export function keysCommand(): Command {
  const keys = new Command("keys").description("make, import and show keys; encrypted at rest");
  keys.addCommand(addCommand());
  keys.addCommand(importCommand());
  keys.addCommand(addMultisigCommand());
  keys.addCommand(listCommand());
  keys.addCommand(showCommand());
  keys.addCommand(exportCommand());
  keys.addCommand(deleteCommand());
  return examples(keys, ["tacit keys add alice", "tacit keys list", "tacit keys show alice"]);
}

function addCommand(): Command {
  const command = secretFlags(new Command("add"))
    .description("make a new key and show its mnemonic, once")
    .argument("<name>", "what to call it")
    .action(async (name: string, flags: KeyFlags) => {
      const { home, output } = clientSettings(flags as Record<string, unknown>);
      const mnemonic = newMnemonic();
      const info = await store(home, name, mnemonic, flags);
      print(output, { ...info, mnemonic }, () => {
        const paint = painterFor(process.stdout);
        return [
          keyLines(info),
          paint.yellow(
            "Write these words down. Whoever has them has the key; nobody can restore it without them.",
          ),
          "",
          `  ${mnemonic}`,
        ].join("\n");
      });
    });
  return examples(command, [
    "tacit keys add alice",
    "tacit keys add alice --passphrase-file secret.txt --output json",
  ]);
}

function importCommand(): Command {
  const command = secretFlags(new Command("import"))
    .description("take over a key from its mnemonic, read from the terminal or standard input")
    .argument("<name>", "what to call it")
    .action(async (name: string, flags: KeyFlags) => {
      const { home, output } = clientSettings(flags as Record<string, unknown>);
      const mnemonic = checkMnemonic(await readHidden("Mnemonic: "));
      const info = await store(home, name, mnemonic, flags);
      print(output, info, () => keyLines(info));
    });
  return examples(command, [
    "tacit keys import alice",
    "tacit keys import alice --index 1 < words.txt",
  ]);
}

function addMultisigCommand(): Command {
  const command = addClientSettings(new Command("add-multisig"), ["home", "output"])
    .description("an account for which some of several keys must sign")
    .argument("<name>", "what to call it")
    .argument("<members>", "keys of the ring or public keys in hex, separated by commas")
    .requiredOption("--threshold <number>", "how many of them must sign")
    .action(async (name: string, members: string, flags: KeyFlags & { threshold: string }) => {
      const { home, output } = clientSettings({ ...flags });
      const keyring = new Keyring(home);
      const keys = await Promise.all(members.split(",").map((one) => memberKey(keyring, one)));
      const info = addMultisig(home, name, makeMultisig(Number(flags.threshold), keys));
      print(output, info, keyLines);
    });
  return examples(command, ["tacit keys add-multisig treasury a,b,alice --threshold 2"]);
}

function listCommand(): Command {
  const command = addClientSettings(new Command("list"), ["home", "output"])
    .description("list all keys, and the test accounts of a local network")
    .action((flags: Record<string, unknown>) => {
      const { home, output } = clientSettings(flags);
      print(output, new Keyring(home).list(), (keys) =>
        table(keys.map((key) => [key.name, `${key.address}${noteOf(key)}`])),
      );
    });
  return examples(command, ["tacit keys list", "tacit keys list --output json"]);
}

function showCommand(): Command {
  const command = addClientSettings(new Command("show"), ["home", "output"])
    .description("show one key")
    .argument("<name>", "its name")
    .option("--address", "print the address only")
    .action((name: string, flags: Record<string, unknown>) => {
      const { home, output } = clientSettings(flags);
      const info = new Keyring(home).info(name);
      if (flags.address === true) print("text", info, ({ address }) => address);
      else print(output, info, keyLines);
    });
  return examples(command, ["tacit keys show alice", "tacit keys show a --address"]);
}

function exportCommand(): Command {
  const command = secretFlags(new Command("export"), false)
    .description("show the mnemonic of a key")
    .argument("<name>", "its name")
    .option("--yes", "do not ask")
    .action(async (name: string, flags: KeyFlags) => {
      const { home, output } = clientSettings(flags as Record<string, unknown>);
      confirm(flags, `Whoever sees the mnemonic of "${name}" has the key.`);
      const key = await new Keyring(home).open(name, () => readPassphrase(flags, `of key ${name}`));
      const { mnemonic, accountIndex } = key;
      print(output, { name, mnemonic, accountIndex }, () => mnemonic);
    });
  return examples(command, ["tacit keys export alice --yes"]);
}

function deleteCommand(): Command {
  const command = addClientSettings(new Command("delete"), ["home"])
    .description("delete a key's file; only its mnemonic brings it back")
    .argument("<name>", "its name")
    .option("--yes", "do not ask")
    .action((name: string, flags: KeyFlags) => {
      const { home } = clientSettings(flags as Record<string, unknown>);
      const keyring = new Keyring(home);
      keyring.info(name);
      confirm(flags, `"${name}" would be gone unless you have its mnemonic.`);
      keyring.delete(name);
      process.stdout.write(`deleted ${name}\n`);
    });
  return examples(command, ["tacit keys delete alice --yes"]);
}

function secretFlags(command: Command, withIndex = true): Command {
  addClientSettings(command, ["home", "output"]);
  command.option("--passphrase-file <path>", "read the passphrase from the first line of a file");
  if (withIndex)
    command.option("--index <number>", "account of the mnemonic: m/44'/529'/0'/0/index");
  return command;
}

async function store(
  home: string,
  name: string,
  mnemonic: string,
  flags: KeyFlags,
): Promise<KeyInfo> {
  const index = Number(flags.index ?? "0");
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** 31) {
    throw new CliError("cli/usage", `--index is "${flags.index}", which is no account number.`);
  }
  return new Keyring(home).add(name, mnemonic, index, await readNewPassphrase(flags));
}

function confirm(flags: KeyFlags, warning: string): void {
  if (flags.yes === true) return;
  throw new CliError("cli/usage", warning, "Repeat the command with --yes if you want this.");
}

function keyLines(key: KeyInfo): string {
  const rows: [string, string][] = [
    ["name", `${key.name}${noteOf(key)}`],
    ["address", key.address],
  ];
  if (key.publicKey !== undefined) rows.push(["public key", key.publicKey]);
  return table(rows);
}

function noteOf(key: KeyInfo): string {
  if (key.multisig !== undefined) {
    return `  (multisig: ${key.multisig.threshold} of ${key.multisig.publicKeys.length})`;
  }
  return key.kind === "test" ? "  (test account: its mnemonic is public)" : "";
}
