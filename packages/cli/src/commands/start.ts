/** `tacit start`: a node until Ctrl-C. */
import { Command } from "commander";
import { environment, START_SETTINGS, type StartSettings } from "../config.ts";
import { EXIT } from "../errors.ts";
import { addSettings, examples } from "../options.ts";
import { painterFor } from "../output.ts";
import { readSettings } from "../settings.ts";

export function startCommand(): Command {
  const command = addSettings(new Command("start"), START_SETTINGS)
    .description("run a network of one node, with funded accounts")
    .action(async (flags: Record<string, unknown>) => {
      await start(readSettings(START_SETTINGS, flags, environment));
    });
  return examples(command, [
    "tacit start",
    "tacit start --fresh",
    "tacit start --home /tmp/second --rpc-port 0 --rest-port 0 --grpc-port 0 --grpc-web-port 0 --faucet-port 0",
    "tacit start --block-interval 1000 --log-level debug",
  ]);
}

async function start(settings: StartSettings): Promise<void> {
  const startedAt = performance.now() - process.uptime() * 1000;
  const { startNode } = await import("../node/start-node.ts");
  const node = await startNode({ ...settings, startedAtMs: performance.now() - startedAt });
  if (settings.jsonLogs) process.stdout.write(`${JSON.stringify(factsOf(node))}\n`);
  else {
    const { banner } = await import("../node/banner.ts");
    process.stdout.write(banner(node, painterFor(process.stdout)));
  }
  const reason = await Promise.race([interrupted(), node.failed]);
  if (reason === "interrupted") process.stderr.write("\nstopping…\n");
  await node.stop();
  if (reason !== "interrupted") {
    process.stderr.write(`the node stopped: ${reason}\n`);
    process.exitCode = EXIT.failure;
  }
}

function factsOf(node: Awaited<ReturnType<typeof import("../node/start-node.ts").startNode>>) {
  const { chainId, home, urls, measurement, attestation, startHeight } = node;
  const msg = "started";
  return { msg, chainId, home, urls, measurement, attestation, startHeight };
}

/** Resolves at the first signal; the second ends the process at once. */
function interrupted(): Promise<"interrupted"> {
  return new Promise((resolve) => {
    let signals = 0;
    const onSignal = () => {
      signals += 1;
      if (signals > 1) process.exit(EXIT.failure);
      resolve("interrupted");
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
  });
}
