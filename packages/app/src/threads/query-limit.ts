/** The limit on a query's time. Blocks have none: their results must not depend on a clock. */
import { AppError } from "../errors.ts";
import type { QueryWatch } from "./query-watch.ts";

/** Who ends and begins the enclave's engine threads: its supervisor. */
export interface EngineControl {
  /** Stops the engine of a channel, whatever it does; its host reads the end of its pipe. */
  endEngine(channel: number): void;
  /** Starts another, once the host has left the old one's pipe. */
  beginEngine(channel: number): void;
}

export interface QueryLimit {
  readonly timeoutMs: number;
  readonly engines: EngineControl;
  readonly timer: {
    /** Calls `action` once after `delayMs`. @returns a function that cancels it. */
    schedule(delayMs: number, action: () => void): () => void;
  };
}

export interface LimitedQuery<T> {
  readonly watch: QueryWatch;
  /** Of the thread that runs it. */
  readonly channel: number;
  readonly run: () => Promise<T>;
  /** Has the thread leave its pipe to the enclave. */
  readonly disconnect: () => Promise<void>;
  /** Has the thread wait for an engine at the other end of a new one. */
  readonly connect: () => Promise<void>;
}

export interface LimitedAnswer<T> {
  /** `app/query_timeout` if the query was stopped, or what its thread failed with. */
  readonly answer: T | AppError;
  /** When the thread takes questions again: at once, unless its engine had to be ended. */
  readonly isFree: Promise<void>;
}

/**
 * Runs a query, and ends the engine that works on it when its time is over. The new engine begins
 * after the query thread has left the old one's pipe: a pipe that got a new writer before its
 * reader saw the end of the old one would never end.
 */
export async function runLimited<T>(
  limit: QueryLimit,
  query: LimitedQuery<T>,
): Promise<LimitedAnswer<T>> {
  const { timeoutMs, engines, timer } = limit;
  const { watch, channel } = query;
  let hasEnded = false;
  let cancel = () => {};
  /** Again, because an enclave that was just starting may not have heard it. */
  const expired = (): void => {
    if (!watch.expire()) return;
    hasEnded = true;
    engines.endEngine(channel);
    cancel = timer.schedule(timeoutMs, expired);
  };
  watch.begin();
  cancel = timer.schedule(timeoutMs, expired);
  const result = await query.run().catch(expectAppError);
  cancel();
  const answer = watch.wasStopped ? new AppError({ code: "app/query_timeout" }) : result;
  return { answer, isFree: hasEnded ? replaceEngine(engines, query) : Promise.resolve() };
}

/** An enclave that dies meanwhile comes back with all its engines: the next query will see. */
async function replaceEngine(
  engines: EngineControl,
  { watch, channel, disconnect, connect }: LimitedQuery<unknown>,
): Promise<void> {
  watch.begin();
  try {
    await disconnect();
    engines.beginEngine(channel);
    await connect();
  } catch (error) {
    expectAppError(error);
  }
}

function expectAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  throw error;
}
