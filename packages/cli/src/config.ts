/** Every setting of an operator, in one place; docs/config.md is printed from here. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { SettingValues } from "./settings.ts";

const PORT = { type: "integer", min: 0, max: 65_535, unit: "(0: any free port)" } as const;

/** Settings of `tacit start`. */
export const START_SETTINGS = {
  home: {
    type: "text",
    default: ".tacit",
    pattern: /^.{1,1024}$/,
    form: "a path",
    env: "TACIT_HOME",
    sentence: "Directory of the node's state and of the key ring.",
  },
  fresh: {
    type: "switch",
    default: false,
    sentence: "Delete the state of an earlier run first; keys stay.",
  },
  chainId: {
    type: "text",
    default: "secretdev-1",
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,47}$/,
    form: "1 to 48 letters, digits, dots, hyphens or underscores",
    sentence: "Chain id of a new network.",
  },
  genesis: {
    type: "text",
    default: "",
    pattern: /^.{0,1024}$/,
    form: "a path",
    sentence: "Genesis document to begin from, such as an export; absent: a new network's own.",
  },
  moniker: {
    type: "text",
    default: "tacit",
    pattern: /^[\x20-\x7e]{1,70}$/,
    form: "1 to 70 printable characters",
    sentence: "The node's name in its status.",
  },
  host: {
    type: "text",
    default: "127.0.0.1",
    pattern: /^[0-9a-zA-Z.:-]{1,255}$/,
    form: "an address or host name",
    env: "TACIT_HOST",
    sentence: "Address to listen on; 0.0.0.0 offers the node to the whole network.",
  },
  rpcPort: { ...PORT, default: 26_657, sentence: "CometBFT RPC and WebSocket." },
  restPort: { ...PORT, default: 1_317, sentence: "REST, what secretjs and wallets use." },
  grpcPort: { ...PORT, default: 9_090, sentence: "gRPC." },
  grpcWebPort: { ...PORT, default: 9_091, sentence: "gRPC-web, for browsers." },
  faucetPort: { ...PORT, default: 5_000, sentence: "Faucet: `GET /faucet?address=secret1…`." },
  faucetAmount: {
    type: "integer",
    default: 1_000_000_000,
    min: 1,
    max: 1_000_000_000_000,
    unit: "uscrt",
    sentence: "What the faucet gives for each request.",
  },
  blockInterval: {
    type: "integer",
    default: 5_000,
    min: 50,
    max: 3_600_000,
    unit: "ms",
    sentence: "Between blocks while there is nothing to do.",
  },
  blockGather: {
    type: "integer",
    default: 50,
    min: 0,
    max: 60_000,
    unit: "ms",
    sentence: "From the first waiting transaction to its block, so that others can join it.",
  },
  queryThreads: {
    type: "integer",
    default: Math.max(1, Math.min(4, availableParallelism() - 1)),
    min: 1,
    max: 32,
    unit: "threads",
    sentence: "Threads for queries, each with an engine of its own inside the enclave.",
  },
  queryGas: {
    type: "integer",
    default: 10_000_000,
    min: 50_000,
    max: 100_000_000,
    unit: "gas",
    sentence: "What one smart query may use before it is stopped; 10,000,000 take seconds.",
  },
  queryTimeout: {
    type: "integer",
    default: 10_000,
    min: 500,
    max: 600_000,
    unit: "ms",
    sentence:
      "How long one query may take before its engine is stopped. Blocks have no such limit.",
  },
  clientQueries: {
    type: "integer",
    default: 500,
    min: 1,
    max: 2_000,
    unit: "queries",
    sentence:
      "Of one client (address) that may wait; more are refused. Clients take turns by the gas they use, and none has all threads.",
  },
  minGasPrice: {
    type: "text",
    default: "0.0125uscrt",
    pattern:
      /^([0-9]{1,20}(\.[0-9]{1,18})?[a-zA-Z][a-zA-Z0-9/:._-]{2,127})?(,[0-9]{1,20}(\.[0-9]{1,18})?[a-zA-Z][a-zA-Z0-9/:._-]{2,127})*$/,
    form: "prices such as 0.0125uscrt, separated by commas",
    sentence: "Lowest fee for a unit of gas that this node accepts.",
  },
  compatible: {
    type: "switch",
    default: false,
    sentence: "Run a new network without the hardening of Secret's protocol, exactly as upstream.",
  },
  padding: {
    type: "choice",
    default: "unseen",
    choices: ["none", "unseen", "all"],
    sentence:
      "What the enclave of a new network pads to buckets of size; `all` shows trailing spaces to clients, `--compatible` pads nothing.",
  },
  contractDebug: {
    type: "switch",
    default: false,
    sentence:
      "Let contracts of a new network write to the node's log, and senders see where gas went. Never where value is at stake.",
  },
  logLevel: {
    type: "choice",
    default: "info",
    choices: ["silent", "error", "warn", "info", "debug"],
    env: "TACIT_LOG_LEVEL",
    sentence: "How much the node tells.",
  },
  jsonLogs: {
    type: "switch",
    default: false,
    sentence: "Log as JSON lines instead of text for people.",
  },
} as const;

export type StartSettings = SettingValues<typeof START_SETTINGS>;

/** Settings of the commands that talk to a node. */
export const CLIENT_SETTINGS = {
  home: START_SETTINGS.home,
  rest: {
    type: "text",
    default: "http://127.0.0.1:1317",
    pattern: /^https?:\/\/.{1,2000}$/,
    form: "a URL with http:// or https://",
    env: "TACIT_REST",
    sentence: "REST address of the node to talk to.",
  },
  node: {
    type: "text",
    default: "http://127.0.0.1:26657",
    pattern: /^https?:\/\/.{1,2000}$/,
    form: "a URL with http:// or https://",
    env: "TACIT_NODE",
    sentence: "RPC address of the node to talk to.",
  },
  output: {
    type: "choice",
    default: "text",
    choices: ["text", "json"],
    env: "TACIT_OUTPUT",
    sentence: "Form of the answer.",
  },
} as const;

export type ClientSettings = SettingValues<typeof CLIENT_SETTINGS>;

/** Variables of the environment that are no settings; only this file reads the environment. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

export const PASSPHRASE_VARIABLE = "TACIT_PASSPHRASE";

/** Where compiled sources are kept between starts; the entry of the command sets the variable. */
export function cacheDirectory(): string {
  const project = join(import.meta.dirname, "../../..");
  return environment.NODE_COMPILE_CACHE ?? join(project, "node_modules/.cache/tacit/compile");
}

/** Colours only for people: a terminal that did not ask for none (no-color.org). */
export function wantsColor(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
}
