import { join } from "node:path";
import { expect, it } from "vitest";
import { makeBlocksUntil } from "../../test/blocks.ts";
import { inDirectory, openNode } from "../../test/node.ts";
import { ChainStore } from "./chain-store.ts";

const page = { page: 1, perPage: 100, order: "asc" } as const;

it("makes the index of an older layout again, with the same answers", () =>
  inDirectory(async (directory) => {
    const node = await openNode(directory);
    await makeBlocksUntil(node, 300n);
    const before = await node.engine.txSearch("set.value='x'", page);
    expect(before.total).toBe(600);
    await node.engine.stop();

    const store = new ChainStore(join(directory, "chain"));
    await store.database.table("events").clearAsync();
    await store.database.write(() => {
      store.database.table("meta").remove(Buffer.from("index"));
    });
    await store.close();

    const again = await openNode(directory);
    expect(await again.engine.txSearch("set.value='x'", page)).toEqual(before);
    await again.engine.stop();
  }));
