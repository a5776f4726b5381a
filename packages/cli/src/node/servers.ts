/** All ports of a node, opened together or not at all. */
import {
  createNetworkTypes,
  createServiceRegistry,
  grpcWebHandler,
  networkQueryServices,
  startFaucet,
  startGrpc,
  startGrpcWeb,
  startRest,
  startRpcServer,
} from "@tacit/api";
import type { EmbeddedEngine } from "@tacit/consensus";
import { Secret } from "@tacit/crypto";
import type { Application } from "@tacit/sdk";
import type { StartSettings } from "../config.ts";
import { CliError } from "../errors.ts";
import { deriveKey } from "../keys/derive.ts";
import { devAccount } from "../keys/dev-accounts.ts";
import { flagOf } from "../settings.ts";
import { minGasPrices, minGasPriceText } from "./min-gas-price.ts";

export interface ServerModules {
  readonly chain: EmbeddedEngine;
  readonly application: Application;
}

export type PortName = "rpcPort" | "restPort" | "grpcPort" | "grpcWebPort" | "faucetPort";

export interface RunningServers {
  readonly ports: Readonly<Record<PortName, number>>;
  stop(): Promise<void>;
}

/** What `node_info` says; clients read the SDK's and CometBFT's versions. */
const VERSION = {
  name: "tacit",
  appName: "tacit",
  version: "0.1.0",
  gitCommit: "",
  cosmosSdkVersion: "v0.50.14",
  cometBftVersion: "0.38.21",
} as const;

/** @throws {CliError} `cli/port_taken` naming the port and its flag; nothing stays open then. */
export async function startServers(
  settings: StartSettings,
  { chain, application }: ServerModules,
): Promise<RunningServers> {
  const registry = createServiceRegistry({
    application,
    chain,
    queryServices: networkQueryServices,
    types: createNetworkTypes(),
    version: VERSION,
    node: {
      minimumGasPrice: minGasPriceText(minGasPrices(settings.minGasPrice)),
      pruningKeepRecent: "0",
      pruningInterval: "0",
    },
  });
  const { host } = settings;
  const open: { close(): Promise<void> }[] = [];
  const at = async (
    name: PortName,
    start: (port: number) => Promise<{ readonly port: number; close(): Promise<void> }>,
  ): Promise<number> => {
    try {
      const listener = await start(settings[name]);
      open.push(listener);
      return listener.port;
    } catch (error) {
      throw portError(error, name, settings);
    }
  };
  const stop = async () => {
    await Promise.all(open.map((listener) => listener.close()));
  };
  try {
    const ports = {
      rpcPort: await at("rpcPort", async (port) => {
        const server = await startRpcServer({ host, port }, { chain, app: application, registry });
        return { port: server.port, close: () => server.stop() };
      }),
      restPort: await at("restPort", (port) =>
        startRest({ host, port, registry, grpcWeb: grpcWebHandler(registry) }),
      ),
      grpcPort: await at("grpcPort", (port) => startGrpc({ host, port, registry })),
      grpcWebPort: await at("grpcWebPort", (port) => startGrpcWeb({ host, port, registry })),
      faucetPort: await at("faucetPort", (port) =>
        startFaucet({
          host,
          port,
          chain,
          application,
          privateKey: faucetKey(),
          denom: "uscrt",
          amount: BigInt(settings.faucetAmount),
        }),
      ),
    };
    return { ports, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** LocalSecret's faucet pays from account a. */
function faucetKey(): Secret {
  const { privateKey } = deriveKey(devAccount("a")?.mnemonic ?? "", 0);
  return new Secret(privateKey, "faucet key");
}

function portError(error: unknown, name: PortName, settings: StartSettings): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  const where = `${settings.host}:${settings[name]}`;
  if (code === "EADDRINUSE") {
    return new CliError(
      "cli/port_taken",
      `Port ${where} is taken by another program, perhaps another node.`,
      `Stop it, or choose another port with --${flagOf(name)} (0 takes any free one).`,
    );
  }
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    const hint = `Choose another with --host or --${flagOf(name)}.`;
    return new CliError("cli/port_taken", `${where} cannot be listened on (${code}).`, hint);
  }
  return error;
}
