/** The main thread's side of one worker. */
import { Worker } from "node:worker_threads";
import type { EnclaveInfo } from "@tacit/enclave-channel";
import type { Logger } from "@tacit/sdk";
import { AppError } from "../errors.ts";
import { type Call, type CarriedError, type FromWorker, startMessage } from "./messages.ts";

interface Waiting {
  resolve(value: never): void;
  reject(error: AppError): void;
}

export interface WorkerClientOptions {
  /** For errors: `block`, `query 1`. */
  readonly name: string;
  readonly entry: URL;
  readonly data: unknown;
  readonly logger: Logger;
  /** Called once, when the worker ends unasked or fails in a way that nothing may follow. */
  readonly onFatal: (error: AppError) => void;
}

export class WorkerClient {
  readonly #options: WorkerClientOptions;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ready: Promise<EnclaveInfo | undefined>;
  #settleReady:
    | { resolve(info: EnclaveInfo | undefined): void; reject(error: AppError): void }
    | undefined;
  #nextId = 0;
  #isReady = false;
  #fatal: AppError | undefined;
  #isClosing = false;

  constructor(options: WorkerClientOptions) {
    this.#options = options;
    this.#worker = new Worker(options.entry, { workerData: options.data, name: options.name });
    this.#ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.#ready.catch(() => {});
    this.#worker.on("message", (message: FromWorker) => this.#receive(message));
    this.#worker.on("error", (error) => this.#die(error.message));
    this.#worker.on("exit", (code) => this.#die(`exit code ${code}`));
  }

  /** Lets the worker build itself; until then it only loads its code. */
  start(): void {
    this.#worker.postMessage(startMessage);
  }

  /** Resolves when the worker can be called. @throws {AppError} if it could not start. */
  get ready(): Promise<EnclaveInfo | undefined> {
    return this.#ready;
  }

  /** @throws {AppError} `app/thread_died`, `app/failed`. */
  call<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    if (this.#fatal !== undefined) return Promise.reject(this.#fatal);
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: never) => void, reject });
      const call: Call = { id, method, args };
      this.#worker.postMessage(call);
    });
  }

  /** Lets the worker close what it holds, then ends it. One that was never ready holds nothing. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const canAnswer = this.#isReady && this.#fatal === undefined;
    if (canAnswer) await this.call("close").catch(() => {});
    await this.#worker.terminate();
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case "ready":
        this.#isReady = true;
        this.#settleReady?.resolve(message.enclave);
        return;
      case "failed_start":
        this.#fail(errorOf(message.error));
        return;
      case "done":
        this.#take(message.id)?.resolve(message.value as never);
        return;
      case "failed": {
        const error = errorOf(message.error);
        this.#take(message.id)?.reject(error);
        if (message.error.isFatal) this.#fail(error);
        return;
      }
      case "log":
        this.#options.logger[message.level](message.fields, message.text);
        return;
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #die(reason: string): void {
    if (this.#isClosing) {
      this.#rejectAll(new AppError({ code: "app/closed" }));
      return;
    }
    this.#fail(new AppError({ code: "app/thread_died", thread: this.#options.name, reason }));
  }

  #fail(error: AppError): void {
    if (this.#fatal !== undefined) return;
    this.#fatal = error;
    this.#rejectAll(error);
    this.#options.onFatal(error);
  }

  #rejectAll(error: AppError): void {
    this.#settleReady?.reject(error);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function errorOf(error: CarriedError): AppError {
  return new AppError({ code: "app/failed", cause: error.message, causeCode: error.code });
}
