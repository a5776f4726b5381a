/** Which network a data directory belongs to. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NetworkDefinition } from "@tacit/app";
import { secretdevNamed } from "@tacit/app/networks";
import type { DataDir } from "@tacit/consensus";
import type { StartSettings } from "../config.ts";
import { CliError } from "../errors.ts";

/** What a network was made with. The enclave seals it and refuses to start with anything else. */
interface NetworkChoices {
  readonly chainId: string;
  readonly hardened: boolean;
  readonly padding: NetworkDefinition["padding"];
  readonly contractDebug: boolean;
}

export type NetworkSettings = Pick<
  StartSettings,
  "chainId" | "compatible" | "padding" | "contractDebug"
>;

/** The network of this directory: as it was made, or as the settings want a new one. */
export function networkIn(
  directory: DataDir,
  settings: NetworkSettings,
  /** Of a genesis document that the directory begins with now. */
  given?: { readonly chainId: string },
): NetworkDefinition {
  const file = join(directory.path, "config", "network.json");
  const isKept =
    given === undefined ? existsSync(directory.genesisFile) : isOf(file, given.chainId);
  if (!isKept) {
    const choices: NetworkChoices = {
      chainId: given?.chainId ?? settings.chainId,
      hardened: !settings.compatible,
      padding: settings.compatible ? "none" : settings.padding,
      contractDebug: settings.contractDebug,
    };
    writeFileSync(file, `${JSON.stringify(choices, undefined, 2)}\n`);
  }
  return definitionOf(file);
}

function definitionOf(file: string): NetworkDefinition {
  // Networks made before there was padding have none.
  const { chainId, hardened, padding = "none", contractDebug } = readChoices(file);
  return Object.freeze({ ...secretdevNamed(chainId), hardened, padding, contractDebug });
}

/** The network that a directory was made for. @throws {CliError} `cli/data_dir`. */
export function networkOf(directory: DataDir): NetworkDefinition {
  return definitionOf(join(directory.path, "config", "network.json"));
}

function isOf(file: string, chainId: string): boolean {
  return existsSync(file) && readChoices(file).chainId === chainId;
}

function readChoices(file: string): Omit<NetworkChoices, "padding"> & Partial<NetworkChoices> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as NetworkChoices;
  } catch (cause) {
    const message = `${file} cannot be read.`;
    throw new CliError("cli/data_dir", message, "Start with --fresh to begin again.", { cause });
  }
}
