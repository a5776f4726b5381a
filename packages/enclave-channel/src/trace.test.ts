import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { echoService } from "../test/echo-service.ts";
import { TX_NOTICE } from "../test/samples.ts";
import {
  connectEnclave,
  connectInProcess,
  EnclaveSupervisor,
  readTrace,
  type TracedFrame,
} from "./index.ts";

const traceDirectory = mkdtempSync(join(tmpdir(), "tacit-trace-"));
const supervisor = new EnclaveSupervisor({
  entry: new URL("../test/echo-process.ts", import.meta.url).pathname,
  sealingKeyFile: "unused",
  channels: 1,
  traceDirectory,
});
afterAll(async () => {
  await supervisor.stop();
  rmSync(traceDirectory, { recursive: true });
});

describe("a traced channel", () => {
  it("has in its file what crossed it, frame by frame", () => {
    const recorded: TracedFrame[] = [];
    const local = connectInProcess(echoService(), {
      runsMeanwhile: true,
      record: (direction, frame) => recorded.push({ direction, frame: Uint8Array.from(frame) }),
    });
    const remote = connectEnclave(supervisor.channel(0));
    for (const client of [local, remote]) {
      client.notify({ kind: "branch" });
      client.call({ kind: "info" }, { handle: () => ({ kind: "failed" }) }, () => TX_NOTICE);
      client.close();
      client.close();
    }
    expect(readTrace(join(traceDirectory, "0.trace"))).toEqual(recorded);
  });
});
