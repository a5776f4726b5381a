/** What tests, benchmarks and the demo use of the command: a node, and its public test accounts. */
export { CliError, type CliFailure } from "./errors.ts";
export { type DerivedKey, deriveKey } from "./keys/derive.ts";
export { DEV_ACCOUNTS, type DevAccount, devAccount } from "./keys/dev-accounts.ts";
export { type NodeOptions, type RunningNode, startNode } from "./node/start-node.ts";
export { type Painter, painterFor } from "./output.ts";
