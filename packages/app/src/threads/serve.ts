/** A worker's side: runs the methods it is asked for, one after the other. */
import { parentPort } from "node:worker_threads";
import { InvariantError, invariant, ProtocolError } from "@tacit/encoding/errors";
import type { Logger } from "@tacit/sdk";
import type { Call, CarriedError, FromWorker, LogLevel } from "./messages.ts";

type Methods = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Methods after whose failure the state may be wrong: the node stops. */
const fatalMethods: ReadonlySet<string> = new Set(["finalizeBlock", "commit"]);

function send(message: FromWorker): void {
  invariant(parentPort !== null, "this file runs in a worker");
  parentPort.postMessage(message);
}

/**
 * Builds the worker's methods with `start` at the first message, and serves them from then on:
 * modules load while others still prepare what the worker needs.
 */
export function serve(
  start: () => {
    readonly methods: object;
    readonly enclave?: Extract<FromWorker, { kind: "ready" }>["enclave"];
  },
): void {
  invariant(parentPort !== null, "this file runs in a worker");
  const port = parentPort;
  port.once("message", () => {
    try {
      const { methods, enclave } = start();
      port.on("message", (call: Call) => void answer(methods as Methods, call));
      send({ kind: "ready", enclave });
    } catch (error) {
      send({ kind: "failed_start", error: carry(error, true) });
    }
  });
}

async function answer(methods: Methods, { id, method, args }: Call): Promise<void> {
  try {
    const run = methods[method];
    invariant(run !== undefined, `the thread has a method ${method}`);
    const value = await run(...(args as never[]));
    send({ kind: "done", id, value });
  } catch (error) {
    const isFatal = error instanceof InvariantError || fatalMethods.has(method);
    send({ kind: "failed", id, error: carry(error, isFatal) });
  }
}

function carry(error: unknown, isFatal: boolean): CarriedError {
  const code = error instanceof ProtocolError ? String(error.code) : "app/failed";
  const message = error instanceof Error ? error.message : "unknown failure";
  return { code, message, isFatal };
}

/** Writes to the main thread's log. */
export function portLogger(): Logger {
  const write =
    (level: LogLevel): Logger["info"] =>
    (fields, text) =>
      send({ kind: "log", level, fields, text });
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
