/**
 * The order in which modules are called. Part of consensus; names without a module are passed
 * over. @see chain-and-client-api section 1.2
 */
import type { ModuleOrders } from "@tacit/sdk";

const beginBlock = [
  "upgrade",
  "capability",
  "mint",
  "distribution",
  "slashing",
  "evidence",
  "staking",
  "ibc",
  "transfer",
  "feegrant",
  "auth",
  "vesting",
  "bank",
  "gov",
  "genutil",
  "authz",
  "params",
  "interchainaccounts",
  "packetfowardmiddleware",
  "feeibc",
  "compute",
  "register",
  "emergencybutton",
  "cron",
  "circuit",
];

const endBlock = [
  "gov",
  "authz",
  "feegrant",
  "staking",
  "capability",
  "auth",
  "vesting",
  "bank",
  "distribution",
  "slashing",
  "mint",
  "genutil",
  "evidence",
  "params",
  "upgrade",
  "ibc",
  "transfer",
  "interchainaccounts",
  "feeibc",
  "packetfowardmiddleware",
  "compute",
  "register",
  "emergencybutton",
  "cron",
  "circuit",
];

const initGenesis = [
  "capability",
  "auth",
  "vesting",
  "bank",
  "distribution",
  "staking",
  "slashing",
  "gov",
  "params",
  "upgrade",
  "compute",
  "register",
  "emergencybutton",
  "interchainaccounts",
  "authz",
  "mint",
  "ibc",
  "genutil",
  "evidence",
  "transfer",
  "packetfowardmiddleware",
  "feeibc",
  "feegrant",
  "cron",
  "circuit",
];

export const moduleOrders: ModuleOrders = {
  preBlock: ["upgrade"],
  beginBlock,
  endBlock,
  initGenesis,
  exportGenesis: initGenesis,
};

/**
 * Names that may stand in a genesis: modules of the network, and those that have no state there
 * to lose (`consensus` and the light client).
 */
export const knownModules: ReadonlySet<string> = new Set([
  ...initGenesis,
  "consensus",
  "07-tendermint",
]);
