import { join } from "node:path";
import { expect, it } from "vitest";
import { makeBlocksUntil } from "../../test/blocks.ts";
import { inDirectory, openNode } from "../../test/node.ts";
import { ChainStore } from "./chain-store.ts";

/** Total, transaction and event. */
const OLD_ENTRY = Buffer.alloc(16);
const page = { page: 1, perPage: 100, order: "asc" } as const;

it("makes the index of another layout again, says so, and answers the same", () =>
  inDirectory(async (directory) => {
    const node = await openNode(directory);
    await makeBlocksUntil(node, 300n);
    const before = await node.engine.txSearch("set.value='x'", page);
    expect(before.total).toBe(600);
    await node.engine.stop();

    const store = new ChainStore(join(directory, "chain"));
    await store.database.table("events").clearAsync();
    await store.database.write(() => {
      // An entry of the layout before, which nothing may take for one of its own.
      store.database
        .table("events")
        .put(Buffer.from("tset.value\0rx\0\0\0\0\0\0\0\0\x01"), OLD_ENTRY);
      store.database.table("meta").put(Buffer.from("index"), Buffer.from("2"));
    });
    await store.close();

    const again = await openNode(directory);
    expect(await again.engine.txSearch("set.value='x'", page)).toEqual(before);
    await again.engine.stop();
    expect(again.notes).toEqual([
      "the event index has another layout: indexing 300 blocks again",
      "indexed 256 of 300 blocks again",
      "indexed 300 blocks again",
    ]);
    const settled = await openNode(directory);
    await settled.engine.stop();
    expect(settled.notes).toEqual([]);
  }));
