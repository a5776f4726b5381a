import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { echoService } from "../test/echo-service.ts";
import { NETWORK, TX_NOTICE } from "../test/samples.ts";
import {
  connectEnclave,
  connectInProcess,
  type EnclaveClient,
  type EnclaveRequest,
  EnclaveSupervisor,
  type HostHandler,
} from "./index.ts";
import { ANNOUNCEMENT_BYTES_MAX } from "./limits.ts";

const refuse: HostHandler = { handle: () => ({ kind: "failed" }) };

function query(message: string): EnclaveRequest {
  return {
    kind: "query",
    contract: new Uint8Array(20),
    codeHash: new Uint8Array(32),
    message: new TextEncoder().encode(message),
    gasLimit: 5n,
    depth: 1,
    height: 1n,
    timeNs: 1n,
    view: undefined,
  };
}

const supervisor = new EnclaveSupervisor({
  entry: new URL("../test/echo-process.ts", import.meta.url).pathname,
  sealingKeyFile: "unused",
  channels: 1,
});
afterAll(() => supervisor.stop());

const frames: string[] = [];
const TRANSPORTS: { readonly [name: string]: () => EnclaveClient } = {
  "in the same process": () =>
    connectInProcess(echoService(), {
      runsMeanwhile: true,
      record: (direction, frame) => frames.push(`${direction} ${Buffer.from(frame)}`),
    }),
  "over FIFOs": () => connectEnclave(supervisor.channel(0)),
};

describe.each(Object.entries(TRANSPORTS))("a channel %s", (_name, connect) => {
  let client: EnclaveClient;
  beforeAll(() => {
    client = connect();
  });
  afterAll(() => client.close());

  it("carries notices in order in front of the next call", () => {
    client.notify({ kind: "branch" });
    client.notify({ kind: "commit" });
    const told = { kind: "refused", code: "told", text: "branch commit " };
    expect(client.call({ kind: "info" }, refuse)).toEqual(told);
  });

  it("serves calls inside requests inside calls", () => {
    const levels: string[] = [];
    const handler: HostHandler = {
      handle(request) {
        if (request.kind !== "chain_query") return { kind: "failed" };
        levels.push(new TextDecoder().decode(request.request));
        const depth = levels.length;
        const answer = depth < 5 ? client.call(query(`level ${depth}`), handler) : undefined;
        const inner = answer?.kind === "query" && "ok" in answer.result ? answer.result.ok : [];
        return {
          kind: "chain_query",
          answer: Uint8Array.of(depth, ...inner),
          gasUsed: 1n,
          outOfGas: false,
        };
      },
    };
    expect(client.call(query("level 0"), handler)).toMatchObject({
      kind: "query",
      result: { ok: Uint8Array.of(1, 2, 3, 4, 5) },
    });
    expect(levels).toEqual(["level 0", "level 1", "level 2", "level 3", "level 4"]);
  });

  it("lets the host work while the enclave does, in calls inside calls too", () => {
    const steps: string[] = [];
    const handler: HostHandler = {
      handle() {
        steps.push("asked");
        client.call({ kind: "info" }, refuse, doing("meanwhile, inside"));
        return { kind: "logged" };
      },
    };
    const doing = (what: string) => () => {
      steps.push(what);
      return undefined;
    };
    client.call(query("x"), handler, doing("meanwhile"));
    expect(steps).toEqual(["meanwhile", "asked", "meanwhile, inside"]);
  });

  it("announces what comes next once the outermost call has its answer, the last of several", () => {
    const told: string[] = [];
    const info = (next?: number) => {
      const answer = client.call({ kind: "info" }, refuse, announcing(next));
      if (answer.kind === "refused") told.push(answer.text.slice(start));
    };
    const announcing = (index?: number) => () =>
      index === undefined ? undefined : { ...TX_NOTICE, index };
    const handler: HostHandler = {
      handle() {
        info(2);
        info();
        return { kind: "failed" };
      },
    };
    let start = 0;
    info();
    start = told.pop()?.length ?? 0;
    client.call(query("x"), handler, announcing(1));
    info(3);
    info();
    expect(told).toEqual(["", "", "next:2 ", "next:2 next:3 "]);
  });

  it("does not announce what would not fit a pipe that nobody reads", () => {
    const announce = (length: number) =>
      client.call({ kind: "info" }, refuse, () => ({
        ...TX_NOTICE,
        txBytes: new Uint8Array(length),
      }));
    const before = announce(3900);
    const longest = announce(ANNOUNCEMENT_BYTES_MAX);
    const after = announce(3_000_000);
    const again = client.call({ kind: "info" }, refuse);
    expect(longest).not.toEqual(before);
    expect([after, again]).toEqual([longest, longest]);
  });

  it("carries frames much longer than a pipe holds", () => {
    const code = new Uint8Array(3_000_000);
    expect(client.call({ kind: "check_code", code }, refuse)).toMatchObject({ text: "3000000" });
    expect(client.call({ kind: "info" }, refuse)).toMatchObject({ code: "told" });
  });

  it("lets the handler's error through after the enclave has ended the call", () => {
    class HandlerError extends TypeError {}
    const handler: HostHandler = {
      handle() {
        throw new HandlerError("out of gas");
      },
    };
    expect(() => client.call(query("x"), handler)).toThrow(HandlerError);
    expect(client.call({ kind: "info" }, refuse)).toMatchObject({ code: "told" });
  });

  it("ends the call when the host answers something else than was asked", () => {
    const handler: HostHandler = { handle: () => ({ kind: "logged" }) };
    expect(client.call(query("x"), handler)).toMatchObject({ code: "host_failed" });
  });

  it("refuses to nest without end", () => {
    const handler: HostHandler = { handle: () => client.call(query("x"), handler) as never };
    expect(() => client.call(query("x"), handler)).toThrow(
      expect.objectContaining({ code: "channel/too_deep" }),
    );
    expect(client.call({ kind: "info" }, refuse)).toMatchObject({ code: "told" });
  });
});

describe("the recorder", () => {
  it("saw the bytes of both directions", () => {
    expect(frames.some((frame) => /^to_enclave .*level 0/s.test(frame))).toBe(true);
    expect(frames.some((frame) => /^to_host .*level 0/s.test(frame))).toBe(true);
  });
});

describe("the supervisor", () => {
  it("starts a killed enclave again, and the thread in a call gets a typed error", async () => {
    const own = new EnclaveSupervisor({
      entry: new URL("../test/echo-process.ts", import.meta.url).pathname,
      sealingKeyFile: "unused",
      channels: 1,
    });
    const worker = new Worker(new URL("../test/host-thread.ts", import.meta.url), {
      workerData: own.channel(0),
    });
    const [started] = await once(worker, "message");
    expect(started).toBe("in call");
    process.kill(own.pid!, "SIGKILL");
    const [outcome] = await once(worker, "message");
    expect(outcome).toEqual(["channel/enclave_died", "query"]);
    await own.stop();
  });

  it("gives the enclave an empty environment", () => {
    const client = connectEnclave(supervisor.channel(0));
    const answer = client.call({ kind: "check_code", code: new Uint8Array(0) }, refuse);
    expect(answer).toMatchObject({ code: "env", text: "" });
    client.close();
  });

  it("tells a client that waits too long, and one that comes after the end", async () => {
    const dead = new EnclaveSupervisor({
      entry: "/nonexistent.ts",
      sealingKeyFile: "unused",
      channels: 1,
      timeoutMs: 50,
    });
    const client = connectEnclave(dead.channel(0));
    expect(() => client.call({ kind: "info" }, refuse)).toThrow(
      expect.objectContaining({ code: "channel/timeout" }),
    );
    await dead.stop();
    expect(() =>
      client.call({ kind: "start", network: NETWORK, sealed: undefined }, refuse),
    ).toThrow(expect.objectContaining({ code: "channel/closed" }));
  });
});
