/**
 * One writer a directory. The lock is an exclusive SQLite transaction on a file that holds
 * nothing: the operating system lets go of it when the process dies, however it dies, so there is
 * no stale lock to clean up and no process number to guess from.
 */
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "./errors.ts";

export interface DirectoryLock {
  release(): void;
}

/** @throws {StoreError} `store/locked`. */
export function lockDirectory(directory: string): DirectoryLock {
  const database = new DatabaseSync(`${directory}/writer.lock`);
  try {
    database.exec("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    throw new StoreError(
      { code: "store/locked", directory },
      `another process is writing to ${directory}`,
      { cause },
    );
  }
  return { release: () => database.close() };
}
