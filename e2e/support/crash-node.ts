/**
 * A node that kills itself, or its enclave, at a named step of a block: run as a process of its
 * own with the plan as its only argument. No flag of the real command can do this.
 */
import { type RunningNode, startNode } from "@tacit/cli";
import type { BlockStep } from "@tacit/consensus";

export interface CrashPlan {
  readonly home: string;
  readonly accounts: readonly { readonly address: string; readonly amount: string }[];
  readonly victim: "node" | "enclave" | "nobody";
  readonly step: BlockStep;
  /** Blocks after the one the start ends with. */
  readonly blocks: number;
  /** How long after the step, in steps of the event loop, the blow falls. */
  readonly delayTurns: number;
}

async function main(plan: CrashPlan): Promise<void> {
  let node: RunningNode | undefined;
  let isSpent = plan.victim === "nobody";
  node = await startNode({
    home: plan.home,
    ports: "free",
    logLevel: "error",
    queryThreads: 1,
    blockGather: 5,
    blockInterval: 100,
    accounts: plan.accounts.map(({ address, amount }) => ({ address, amount: BigInt(amount) })),
    onStep: async (step, height) => {
      if (node === undefined || isSpent) return;
      if (step !== plan.step || height < BigInt(node.startHeight + plan.blocks)) return;
      isSpent = true;
      const kill = () => strike(plan.victim, node);
      if (plan.delayTurns === 0) kill();
      else after(plan.delayTurns, kill);
    },
  });
  const { chainId, urls } = node;
  process.stdout.write(
    `${JSON.stringify({ msg: "started", chainId, urls, ioKey: Buffer.from(node.threads.enclave.ioPublicKey).toString("hex") })}\n`,
  );
  void node.failed.then((reason) => {
    process.stderr.write(`${reason}\n`);
    process.exit(3);
  });
  process.once("SIGINT", () => void node?.stop().then(() => process.exit(0)));
}

function strike(victim: CrashPlan["victim"], node: RunningNode | undefined): void {
  const pid = victim === "node" ? process.pid : node?.enclavePid();
  if (pid !== undefined) process.kill(pid, "SIGKILL");
}

function after(turns: number, act: () => void): void {
  if (turns === 0) act();
  else setImmediate(() => after(turns - 1, act));
}

await main(JSON.parse(process.argv[2] ?? "") as CrashPlan);
