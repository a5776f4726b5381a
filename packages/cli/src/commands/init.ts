/** `tacit init`: a home directory with keys and a genesis document. */
import { Command } from "commander";
import { environment, START_SETTINGS } from "../config.ts";
import { addClientSettings, addSettings, clientSettings, examples } from "../options.ts";
import { print, table } from "../output.ts";
import { readSettings } from "../settings.ts";

const { home: _home, chainId, compatible, padding, contractDebug } = START_SETTINGS;
const INIT_SETTINGS = { chainId, compatible, padding, contractDebug };

export function initCommand(): Command {
  const command = addSettings(
    addClientSettings(new Command("init"), ["home", "output"]),
    INIT_SETTINGS,
  )
    .description("make a node's keys, its enclave and a genesis document without accounts")
    .option("--keys-from <home>", "take over keys, enclave and network of another node")
    .option("--overwrite", "replace a genesis document that is there")
    .action(async (flags: Record<string, unknown>) => {
      const { home, output } = clientSettings(flags);
      const { initHome } = await import("../node/init.ts");
      const made = await initHome({
        home,
        settings: readSettings(INIT_SETTINGS, flags, environment),
        overwrite: flags.overwrite === true,
        ...(typeof flags.keysFrom === "string" && { keysFrom: flags.keysFrom }),
      });
      print(output, made, (facts) =>
        table([
          ["home", facts.home],
          ["chain", facts.chainId],
          ["node", facts.nodeId],
          ["validator key", facts.validatorKey],
          ["io key", facts.ioKey],
          ["genesis", facts.genesis],
        ]),
      );
    });
  return examples(command, [
    "tacit init --home node --chain-id my-chain-1",
    "tacit init --home copy --keys-from node",
  ]);
}
