import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { connectEnclave, ENCLAVE_NODE_FLAGS, EnclaveSupervisor } from "@tacit/enclave-channel";
import { ENGINE_STACK_MB } from "@tacit/vm";
import { afterAll, describe, expect, it } from "vitest";
import { readArguments } from "./arguments.ts";
import { STACK_MB } from "./process.ts";

const directory = mkdtempSync(join(tmpdir(), "tacit-enclave-test-"));
const sealingKeyFile = join(directory, "sealing.key");
const supervisor = new EnclaveSupervisor({
  entry: new URL("./main.ts", import.meta.url).pathname,
  sealingKeyFile,
  channels: 2,
});
afterAll(async () => {
  await supervisor.stop();
  rmSync(directory, { recursive: true });
});

describe("the enclave's process", () => {
  it("is killed in the middle of a call, comes back, and the block ends the same", async () => {
    const worker = new Worker(new URL("../test/host-thread.ts", import.meta.url), {
      workerData: [supervisor.channel(0), supervisor.channel(1)],
    });
    const result = await new Promise((resolve, reject) => {
      worker.on("error", reject);
      worker.on("message", (message) => {
        if (message === "kill") process.kill(supervisor.pid!, "SIGKILL");
        else resolve(message);
      });
    });
    expect(result).toEqual({ before: 2, after: 3, deaths: 1, hasGas: true });
  });

  it("keeps its sealing key where only the owner can read it", () => {
    expect(statSync(sealingKeyFile).mode & 0o777).toBe(0o600);
    expect(statSync(sealingKeyFile).size).toBe(32);
  });

  it("does not start with a sealing key that others can read, and says so", async () => {
    const path = join(directory, "open.key");
    writeFileSync(path, new Uint8Array(32), { mode: 0o644 });
    const lines: string[] = [];
    let deaths = 0;
    const refusing = await new Promise<EnclaveSupervisor>((resolve) => {
      const each = new EnclaveSupervisor({
        entry: new URL("./main.ts", import.meta.url).pathname,
        sealingKeyFile: path,
        channels: 1,
        onLog: (line) => lines.push(line),
        onDeath: () => {
          deaths++;
          if (deaths === 5) setImmediate(() => resolve(each));
        },
      });
    });
    expect(lines[0]).toBe(
      "enclave: the enclave does not start: others than its owner may read the sealing key",
    );
    const client = connectEnclave(refusing.channel(0));
    expect(() => client.call({ kind: "info" }, { handle: () => ({ kind: "failed" }) })).toThrow(
      expect.objectContaining({ code: "channel/start_failed" }),
    );
    await refusing.stop();
  });

  it("gives engine threads the stack that contracts are metered for", () => {
    expect(STACK_MB).toBe(ENGINE_STACK_MB);
  });
});

describe("starting", () => {
  const execArgv = ENCLAVE_NODE_FLAGS;
  const argv = ["--directory=/d", "--channels=2", "--sealing-key=/k"];
  const refused = expect.objectContaining({ code: "enclave/bad_start" });

  it("takes exactly the measured flags, an empty environment and known arguments", () => {
    expect(readArguments({ argv, execArgv, env: {} })).toEqual({
      directory: "/d",
      channels: 2,
      sealingKeyFile: "/k",
      cacheDirectory: undefined,
    });
  });

  it.each([
    [{ argv, execArgv: [...execArgv, "--inspect"], env: {} }],
    [{ argv, execArgv: execArgv.slice(1), env: {} }],
    [{ argv, execArgv, env: { NODE_OPTIONS: "--inspect" } }],
    [{ argv: [...argv, "--debug=1"], execArgv, env: {} }],
    [{ argv: [...argv, argv[0]!], execArgv, env: {} }],
    [{ argv: argv.slice(1), execArgv, env: {} }],
    [{ argv: ["--directory=/d", "--channels=999", "--sealing-key=/k"], execArgv, env: {} }],
  ])("refuses everything else: %o", (start) => {
    expect(() => readArguments(start)).toThrow(refused);
  });
});
