/** Starts a traced node and keeps everything that it and its enclave print. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { NodeUrls } from "../node-process.ts";
import type { TracedPlan } from "./traced-node.ts";

export interface TracedProcess {
  readonly chainId: string;
  readonly urls: NodeUrls;
  readonly pid: number;
  readonly enclavePid: number;
  /** Both streams so far. */
  output(): string;
  stop(): Promise<void>;
}

const ENTRY = join(import.meta.dirname, "traced-node.ts");

export async function startTracedNode(plan: TracedPlan): Promise<TracedProcess> {
  const child = spawn(process.execPath, [ENTRY, JSON.stringify(plan)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" },
  });
  let output = "";
  const ended = new Promise((resolve) => child.once("close", resolve));
  const facts = await new Promise<Omit<TracedProcess, "output" | "stop" | "pid">>(
    (resolve, reject) => {
      child.once("exit", () => reject(new RangeError(`the node did not start:\n${output}`)));
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk) => {
          output += chunk;
          const line = /^\{"msg":"started".*$/m.exec(output)?.[0];
          if (line !== undefined) resolve(JSON.parse(line));
        });
      }
    },
  );
  return {
    ...facts,
    pid: child.pid ?? 0,
    output: () => output,
    stop: async () => {
      child.kill("SIGINT");
      await ended;
    },
  };
}
