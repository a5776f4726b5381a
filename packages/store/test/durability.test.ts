import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { open } from "lmdb";
import { afterAll, describe, expect, it } from "vitest";
import {
  type CommitMultiStore,
  createMemoryMultiStore,
  openMultiStore,
  openMultiStoreReader,
} from "../src/index.ts";
import { storeNames, writeVersion } from "./fixtures/versions.ts";

const directory = mkdtempSync(join(tmpdir(), "tacit-durability-"));
afterAll(() => rmSync(directory, { recursive: true }));

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const fixture = (name: string) => join(import.meta.dirname, "fixtures", name);
const codeOf = (run: () => unknown): string | undefined => {
  try {
    run();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return undefined;
};

/** Lets the child commit until it has told of `lines` versions, then kills it with SIGKILL. */
async function commitAndKill(args: readonly string[], lines: number): Promise<[bigint, string]> {
  const child = spawn(process.execPath, [fixture("commit-forever.ts"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let last: [bigint, string] = [0n, ""];
  let left = lines;
  for await (const line of createInterface(child.stdout)) {
    const [version, hash] = line.split(" ") as [string, string];
    last = [BigInt(version), hash];
    left -= 1;
    if (left === 0) child.kill("SIGKILL");
  }
  if (child.signalCode === null) await once(child, "exit");
  expect(child.signalCode).toBe("SIGKILL");
  return last;
}

/** The true hash of every version. */
class Expected {
  readonly #stores: CommitMultiStore = createMemoryMultiStore(storeNames, { keepVersions: 1 });
  readonly #hashes: string[] = [];

  hash(version: bigint): string {
    while (this.#hashes.length < Number(version)) {
      writeVersion(this.#stores, BigInt(this.#hashes.length + 1));
      this.#hashes.push(hex(this.#stores.commit().hash));
    }
    return this.#hashes[Number(version) - 1] as string;
  }
}

describe("a process killed while it commits", () => {
  it.each([["all versions", []] as const, ["three versions", ["3"]] as const])(
    "leaves the last version it told of or a later one, whole, keeping %s",
    async (name, options) => {
      const path = join(directory, name);
      const expected = new Expected();
      for (const lines of [1, 7, 3, 12, 5]) {
        const [told, hash] = await commitAndKill([path, ...options], lines);
        expect(hash).toBe(expected.hash(told));
        const stores = openMultiStore({ directory: path, storeNames, fsync: false });
        const last = stores.lastCommitId();
        expect(last.version).toBeGreaterThanOrEqual(told);
        expect(hex(last.hash)).toBe(expected.hash(last.version));
        expect(Buffer.from(stores.blobs.get("version")!).toString()).toBe(String(last.version));
        checkIndexAgainstTree(stores);
        if (options.length > 0) {
          expect(last.version - stores.earliestVersion()).toBeLessThan(3n);
        }
        await stores.close();
      }
    },
  );
});

/** The flat index and the tree are two records of one state. */
function checkIndexAgainstTree(stores: CommitMultiStore): void {
  const view = stores.atVersion(stores.lastCommitId().version);
  for (const name of storeNames) {
    let count = 0;
    for (const [key, value] of view.kvStore(name).iterator()) {
      count += 1;
      expect(view.query(name, key, true).value).toEqual(value);
    }
    expect(count).toBeGreaterThan(0);
  }
}

describe("a directory", () => {
  it("has one writer", async () => {
    const path = join(directory, "locked");
    const stores = openMultiStore({ directory: path, storeNames });
    expect(codeOf(() => openMultiStore({ directory: path, storeNames }))).toBe("store/locked");
    await stores.close();
    await openMultiStore({ directory: path, storeNames }).close();
  });

  it("refuses a writer from another process, until that one is dead", async () => {
    const path = join(directory, "locked-by-another");
    const child = spawn(process.execPath, [fixture("commit-forever.ts"), path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    child.stdout.resume();
    expect(codeOf(() => openMultiStore({ directory: path, storeNames }))).toBe("store/locked");
    child.kill("SIGKILL");
    await once(child, "exit");
    await openMultiStore({ directory: path, storeNames }).close();
  });

  it("of another format is refused", async () => {
    const path = join(directory, "format");
    await openMultiStore({ directory: path, storeNames }).close();
    const raw = open({ path, encoding: "binary", keyEncoding: "binary" });
    raw.putSync(Buffer.from("#format"), Uint8Array.of(99));
    await raw.close();
    expect(codeOf(() => openMultiStore({ directory: path, storeNames }))).toBe(
      "store/format_unknown",
    );
    expect(codeOf(() => openMultiStoreReader({ directory: path }))).toBe("store/format_unknown");
  });

  it("keeps its stores, and takes new ones", async () => {
    const path = join(directory, "names");
    const first = openMultiStore({ directory: path, storeNames });
    writeVersion(first, 1n);
    first.commit();
    await first.close();
    expect(codeOf(() => openMultiStore({ directory: path, storeNames: ["acc"] }))).toBe(
      "store/stores_missing",
    );
    const more = openMultiStore({ directory: path, storeNames: [...storeNames, "new"] });
    const branch = more.branch();
    branch.kvStore("new").set(Uint8Array.of(1), Uint8Array.of(2));
    branch.write();
    expect(more.commit().version).toBe(2n);
    expect(more.atVersion(2n).kvStore("new").get(Uint8Array.of(1))).toEqual(Uint8Array.of(2));
    expect(codeOf(() => more.atVersion(1n).kvStore("new"))).toBe("store/store_unknown");
    await more.close();
  });

  it("without a database has no reader", () => {
    const path = join(directory, "nothing");
    expect(codeOf(() => openMultiStoreReader({ directory: path }))).toBe("store/not_found");
  });
});

describe("readers", () => {
  it("keep their version while the writer commits and prunes it", async () => {
    const path = join(directory, "readers");
    const expected = new Expected();
    const stores = openMultiStore({ directory: path, storeNames, keepVersions: 2, fsync: false });
    writeVersion(stores, 1n);
    stores.commit();
    const reader = openMultiStoreReader({ directory: path });
    const view = reader.latest();
    const before = storeNames.map((name) => [...view.kvStore(name).iterator()]);
    for (let version = 2n; version <= 12n; version++) {
      writeVersion(stores, version);
      stores.commit();
    }
    expect(hex(view.appHash)).toBe(expected.hash(1n));
    expect(storeNames.map((name) => [...view.kvStore(name).iterator()])).toEqual(before);
    const [key, value] = before[0]![0]!;
    expect(view.query("acc", key, true).value).toEqual(value);
    view.close();
    expect(reader.lastCommitId()).toEqual(stores.lastCommitId());
    expect(reader.earliestVersion()).toBe(11n);
    expect(codeOf(() => reader.atVersion(1n))).toBe("store/version_unknown");
    expect(codeOf(() => reader.atVersion(13n))).toBe("store/version_unknown");
    expect(codeOf(() => stores.atVersion(10n))).toBe("store/version_unknown");
    expect(codeOf(() => stores.atVersion(0n))).toBe("store/version_unknown");
    expect(Buffer.from(reader.blob("version")!).toString()).toBe("12");
    await reader.close();
    await stores.close();
  });

  it("work in another thread of the writer's process", async () => {
    const path = join(directory, "thread");
    const stores = openMultiStore({ directory: path, storeNames, fsync: false });
    writeVersion(stores, 1n);
    stores.commit();
    const worker = new Worker(fixture("read-in-thread.ts"), { workerData: path });
    for (let version = 1n; version <= 6n; version++) {
      if (version > 1n) {
        writeVersion(stores, version);
        stores.commit();
      }
      const answered = once(worker, "message");
      worker.postMessage("read");
      const [{ hash, pairs }] = (await answered) as [{ hash: string; pairs: number }];
      const view = stores.atVersion(version);
      expect(hash).toBe(hex(view.appHash));
      expect(pairs).toBe([...view.kvStore("bank").iterator()].length);
    }
    worker.postMessage("close");
    await once(worker, "exit");
    await stores.close();
  });
});

describe("pruning", () => {
  it("leaves exactly the nodes that the kept versions reach", async () => {
    const path = join(directory, "pruning");
    const stores = openMultiStore({ directory: path, storeNames, keepVersions: 3, fsync: false });
    for (let version = 1n; version <= 30n; version++) {
      writeVersion(stores, version);
      stores.commit();
    }
    const sizes = [28n, 29n, 30n].flatMap((version) =>
      storeNames.map((name) => [...stores.atVersion(version).kvStore(name).iterator()].length),
    );
    await stores.close();
    const count = await nodesAlive(path);
    const newest = sizes.slice(-3).reduce((sum, size) => sum + 2 * size - 1, 0);
    // Two older versions differ by their own paths: 200 writes of at most 12 levels each.
    expect(count).toBeGreaterThanOrEqual(newest);
    expect(count).toBeLessThan(newest + 2 * 200 * 13);
  });

  it("forgets all versions but the newest when it is turned on late", async () => {
    const path = join(directory, "late");
    const all = openMultiStore({ directory: path, storeNames, fsync: false });
    for (let version = 1n; version <= 150n; version++) {
      if (version % 8n === 0n) writeVersion(all, version);
      all.commit();
    }
    const { hash } = all.lastCommitId();
    await all.close();
    const few = openMultiStore({ directory: path, storeNames, keepVersions: 2, fsync: false });
    const earliest: bigint[] = [];
    for (let version = 151n; version <= 154n; version++) {
      few.commit();
      earliest.push(few.earliestVersion());
    }
    expect(earliest).toEqual([101n, 151n, 152n, 153n]);
    expect(few.lastCommitId().hash).toEqual(hash);
    checkIndexAgainstTree(few);
    await few.close();
    expect(await countOf(path, "orphans")).toBe(0);
    const again = openMultiStore({ directory: path, storeNames });
    checkIndexAgainstTree(again);
    await again.close();
  });
});

/** Nodes in all pages but those marked dead. */
async function nodesAlive(path: string): Promise<number> {
  const raw = open({ path, encoding: "binary", keyEncoding: "binary", maxDbs: 8 });
  const table = (name: string) =>
    raw.openDB<Buffer, Buffer>({ name, encoding: "binary", keyEncoding: "binary" });
  let count = 0;
  for (const { value } of table("pages").getRange({})) count += value[0]!;
  for (const { value } of table("dead").getRange({})) {
    count -= value.readUInt16BE(0).toString(2).replaceAll("0", "").length;
  }
  await raw.close();
  return count;
}

async function countOf(path: string, table: string): Promise<number> {
  const raw = open({ path, encoding: "binary", keyEncoding: "binary", maxDbs: 8 });
  const count = raw
    .openDB({ name: table, encoding: "binary", keyEncoding: "binary" })
    .getKeysCount();
  await raw.close();
  return count;
}
