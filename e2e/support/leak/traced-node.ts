/**
 * A node that writes down what crosses its enclave's channels and logs everything it can: run as a
 * process of its own with the plan as its only argument. No flag of the real command can do this.
 */
import { startNode } from "@tacit/cli";

export interface TracedPlan {
  readonly home: string;
  readonly traceDirectory: string;
  readonly moniker: string;
  readonly jsonLogs: boolean;
}

async function main({ home, traceDirectory, moniker, jsonLogs }: TracedPlan): Promise<void> {
  const node = await startNode({
    home,
    traceDirectory,
    moniker,
    jsonLogs,
    ports: "free",
    logLevel: "debug",
    queryThreads: 2,
    blockGather: 10,
  });
  const { chainId, urls } = node;
  const started = { msg: "started", chainId, urls, enclavePid: node.enclavePid() };
  process.stdout.write(`${JSON.stringify(started)}\n`);
  process.once("SIGINT", () => void node.stop().then(() => process.exit(0)));
}

await main(JSON.parse(process.argv[2] ?? "") as TracedPlan);
