/** `tacit tx`: sign, send and wait. */
import { Command } from "commander";
import { examples } from "../options.ts";
import { circuitCommand, vestingCommand } from "./tx/accounts.ts";
import { bankCommand } from "./tx/bank.ts";
import { computeCommand } from "./tx/compute.ts";
import { distributionCommand } from "./tx/distribution.ts";
import { govCommand } from "./tx/gov.ts";
import { authzCommand, feegrantCommand } from "./tx/grants.ts";
import { offlineCommands } from "./tx/offline.ts";
import { slashingCommand, stakingCommand } from "./tx/staking.ts";

export function txCommand(): Command {
  const tx = new Command("tx").description("send transactions and wait until they are in a block");
  const groups = [
    bankCommand(),
    computeCommand(),
    stakingCommand(),
    distributionCommand(),
    slashingCommand(),
    govCommand(),
    authzCommand(),
    feegrantCommand(),
    vestingCommand(),
    circuitCommand(),
  ];
  for (const command of [...groups, ...offlineCommands()]) tx.addCommand(command);
  return examples(tx, [
    "tacit tx bank send a b 1000000uscrt",
    "tacit tx staking delegate secretvaloper1… 1000000uscrt --from a",
    "tacit tx gov vote 1 yes --from a",
    "tacit tx compute store contracts/artifacts/counter.wasm --from a",
    "tacit tx bank send a b 5uscrt --generate-only > tx.json",
  ]);
}
