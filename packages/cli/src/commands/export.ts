/** `tacit export`: the state as a genesis document. */
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { CliError } from "../errors.ts";
import { addClientSettings, clientSettings, examples } from "../options.ts";

interface ExportFlags {
  readonly height?: string;
  readonly forZeroHeight?: boolean;
  readonly jailAllowedAddrs?: string;
  readonly outputDocument?: string;
}

export function exportCommand(): Command {
  const command = addClientSettings(new Command("export"), ["home"])
    .description("write the state of a stopped node as a genesis document")
    .option("--height <number>", "of the state; the last by default")
    .option("--for-zero-height", "pay everything out and begin at height 1")
    .option("--jail-allowed-addrs <list>", "operators that are not jailed, separated by commas")
    .option("--output-document <path>", "write to a file instead of standard output")
    .action(async (flags: ExportFlags) => {
      const { home } = clientSettings({ ...flags });
      const jailAllowedAddresses = (flags.jailAllowedAddrs ?? "")
        .split(",")
        .map((text) => text.trim())
        .filter((text) => text !== "");
      if (jailAllowedAddresses.length > 0 && flags.forZeroHeight !== true) {
        throw new CliError("cli/usage", "--jail-allowed-addrs goes with --for-zero-height.");
      }
      const { exportDocument } = await import("../node/export.ts");
      const document = await exportDocument({
        home,
        height: heightOf(flags.height),
        forZeroHeight: flags.forZeroHeight === true,
        jailAllowedAddresses,
      });
      const text = `${JSON.stringify(document)}\n`;
      if (flags.outputDocument === undefined) process.stdout.write(text);
      else writeDocument(flags.outputDocument, text);
    });
  return examples(command, [
    "tacit export > genesis.json",
    "tacit export --height 1000 --output-document genesis.json",
    "tacit export --for-zero-height --jail-allowed-addrs secretvaloper1…,secretvaloper1…",
  ]);
}

/** 0 for the last; -1 is secretd's word for it. */
function heightOf(text: string | undefined): bigint {
  if (text === undefined || text === "-1") return 0n;
  if (/^[1-9][0-9]{0,17}$/.test(text)) return BigInt(text);
  throw new CliError("cli/usage", `--height is "${text}", which is not a height from 1.`);
}

function writeDocument(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw new CliError("cli/file", `${path} cannot be written.`, undefined, { cause });
  }
}
