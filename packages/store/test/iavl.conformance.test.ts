import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type CommitMultiStore, createMemoryMultiStore, openMultiStore } from "../src/index.ts";

interface VectorProof {
  readonly kind: "exist" | "nonexist";
  readonly key: string;
  readonly value?: string;
  readonly commitment_proof: string;
}

interface Scenario {
  readonly name: string;
  readonly initial_version: number;
  readonly ops_in_ascending_key_order: boolean;
  readonly versions: readonly {
    readonly version: number;
    readonly ops: readonly { op: "set" | "remove"; key: string; value?: string }[];
    readonly root: string;
    readonly size: number;
    readonly height: number;
    readonly proofs: readonly VectorProof[];
  }[];
}

const file = join(import.meta.dirname, "../../../vectors/iavl/iavl.json");
const scenarios = JSON.parse(readFileSync(file, "utf8")) as Scenario[];
const unhex = (text: string) => new Uint8Array(Buffer.from(text, "hex"));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

const directory = mkdtempSync(join(tmpdir(), "tacit-iavl-"));
afterAll(() => rmSync(directory, { recursive: true }));

const backends: Record<string, (name: string) => CommitMultiStore> = {
  memory: () => createMemoryMultiStore(["s"]),
  lmdb: (name) => openMultiStore({ directory: join(directory, name), storeNames: ["s"] }),
};

describe.each(Object.keys(backends))("iavl v1.2.2 in %s", (backend) => {
  it("has the six recorded scenarios", () => expect(scenarios).toHaveLength(6));

  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    "gives every root and proof of «%s»",
    async (name, scenario) => {
      const stores = backends[backend]!(name);
      stores.setInitialVersion(BigInt(scenario.initial_version));
      for (const version of scenario.versions) {
        for (const { op, key, value } of version.ops) {
          // One branch an operation keeps the recorded order where it is not ascending.
          const branch = stores.branch();
          if (op === "set") branch.kvStore("s").set(unhex(key), unhex(value ?? ""));
          else branch.kvStore("s").delete(unhex(key));
          branch.write();
        }
        expect(hex(stores.workingRoots().get("s")!)).toBe(version.root);
        expect(stores.commit().version).toBe(BigInt(version.version));
        const view = stores.atVersion(BigInt(version.version));
        expect([...view.kvStore("s").iterator()]).toHaveLength(version.size);
        for (const proof of version.proofs) {
          const result = view.query("s", unhex(proof.key), true);
          expect(hex(result.proofOps![0]!.data)).toBe(proof.commitment_proof);
          expect(result.value && hex(result.value)).toBe(
            proof.kind === "exist" ? (proof.value ?? "") : undefined,
          );
        }
      }
      for (const version of scenario.versions) {
        const { storeRoot } = stores.atVersion(BigInt(version.version)).proveStore("s");
        expect(hex(storeRoot)).toBe(version.root);
      }
      await stores.close();
    },
  );
});
