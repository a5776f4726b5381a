/**
 * Stores of a Secret network: their names and their number enter the app hash, so all exist from
 * the first block, used or not. `private` is the enclave's own. @see chain-and-client-api section 1.2
 */
export const storeNames = [
  "acc",
  "authz",
  "bank",
  "capability",
  "circuit",
  "compute",
  "consensus",
  "cron",
  "distribution",
  "emergencybutton",
  "evidence",
  "feegrant",
  "feeibc",
  "gov",
  "hooks-for-ibc",
  "ibc",
  "icacontroller",
  "icahost",
  "mint",
  "packetfowardmiddleware",
  "params",
  "private",
  "register",
  "slashing",
  "staking",
  "transfer",
  "upgrade",
] as const;
