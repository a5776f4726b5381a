import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { queryCommand } from "./query.ts";
import { txCommand } from "./tx.ts";

function leaves(command: Command, path: string): { path: string; command: Command }[] {
  const own = command.commands.filter((child) => child.name() !== "help");
  if (own.length === 0) return [{ path, command }];
  return own.flatMap((child) => leaves(child, `${path} ${child.name()}`));
}

/** What `--help` prints. */
function help(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

const commands = [...leaves(txCommand(), "tx"), ...leaves(queryCommand(), "query")];

describe("the commands of tx and query", () => {
  it("all say what they do, with an example of their own", () => {
    for (const { path, command } of commands) {
      expect(command.description(), path).not.toBe("");
      const [, example = ""] = help(command).split("Examples:");
      const names = [command.name(), ...command.aliases()];
      expect(
        names.some((name) => example.includes(` ${name}`)),
        `${path}: ${example}`,
      ).toBe(true);
    }
  });

  it("cover the modules: their messages and every query of theirs", () => {
    const paths = commands.map(({ path }) => path);
    for (const path of [
      "tx staking create-validator",
      "tx distribution set-auto-restake",
      "tx gov submit-proposal",
      "tx slashing unjail",
      "tx vesting create-periodic-vesting-account",
      "tx circuit authorize",
      "tx multi-sign",
      "query staking historical-info",
      "query distribution restaking-entries",
      "query gov tally-result",
      "query slashing signing-infos",
      "query upgrade module-versions",
      "query cron schedules",
      "query bank denoms-metadata",
      "query compute machine-id-proof",
    ]) {
      expect(paths).toContain(path);
    }
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.length).toBeGreaterThan(150);
  });

  it("keep --height for the state that answers where a query asks about a height itself", () => {
    const found = commands.find(({ path }) => path === "query compute encrypted-seed");
    const flags = found?.command.options.map(({ long }) => long);
    expect(flags).toContain("--height");
    expect(flags).toContain("--block-height");
  });
});
