/**
 * The package in a browser: each entry point bundles without Node, within a size; and Chromium
 * encrypts, proves and verifies with it. Without Chromium one line says so.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { build, type Rolldown } from "vite";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const VIRTUAL = "\0entry";

/** Kilobytes, packed, that an entry may make a page load at once. What it loads on demand is apart. */
const ENTRY_KB_MAX: Record<string, number> = {
  "@tacit/threshold": 120,
  "@tacit/threshold/bip445": 60,
  "@tacit/threshold/bulletproofs": 10,
  "@tacit/threshold/cocktail": 75,
  "@tacit/threshold/decryption": 12,
  "@tacit/threshold/elgamal": 5,
  "@tacit/threshold/paillier": 10,
  "@tacit/threshold/proofs": 60,
  "@tacit/threshold/voting": 32,
  "@tacit/threshold/voting/belenios": 20,
  "@tacit/threshold/voting/belenios-prover": 20,
  "@tacit/threshold/voting/electionguard": 20,
};

const PAGE = `
import { loadRistretto255 } from "@tacit/threshold";
import { createKeyPair, decryptToElement, DiscreteLogTable } from "@tacit/threshold/elgamal";
import { encryptInput, verifyInput, verifyInputs } from "@tacit/threshold/proofs";

window.runPage = async (backend) => {
  const group = await loadRistretto255(backend);
  const { publicKey, secret } = createKeyPair(group);
  const context = { contract: "c", sender: "s", session: new Uint8Array(4) };
  const policy = { kind: "sum", bits: 8, count: 2, total: 300n };
  const input = encryptInput(group, publicKey, context, policy, [200n, 100n]);
  const ciphertexts = verifyInput(group, publicKey, context, policy, input);
  const table = DiscreteLogTable.build(group, 6);
  const spoilt = input.slice();
  spoilt[input.length - 1] ^= 1;
  return {
    values: ciphertexts.map((item) => String(table.solve(decryptToElement(group, secret, item), 1000n))),
    verdicts: verifyInputs(group, publicKey, [{ context, policy, input }, { context, policy, input: spoilt }]).map(({ code }) => code ?? "good"),
    backend: group.backend,
  };
};
window.isReady = true;
`;

/** The chunks of a module that begins with this code. */
async function bundle(code: string): Promise<Rolldown.OutputChunk[]> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    root,
    plugins: [
      {
        name: "entry",
        resolveId: (id: string) => (id === "entry.js" ? VIRTUAL : null),
        load: (id: string) => (id === VIRTUAL ? code : null),
      },
    ],
    build: {
      write: false,
      minify: true,
      target: "es2022",
      modulePreload: false,
      rollupOptions: { input: "entry.js", preserveEntrySignatures: "strict" },
    },
  });
  const [output] = [result].flat() as Rolldown.RolldownOutput[];
  return (output?.output ?? []).flatMap((item) => (item.type === "chunk" ? [item] : []));
}

/** What the page needs before it can run: the entry and what it imports, not on demand. */
function eagerBytes(chunks: readonly Rolldown.OutputChunk[]): number {
  const needed = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const name of needed) {
    for (const other of chunks.find(({ fileName }) => fileName === name)?.imports ?? [])
      needed.add(other);
  }
  return packedBytes(chunks.filter(({ fileName }) => needed.has(fileName)));
}

const packedBytes = (chunks: readonly Rolldown.OutputChunk[]): number =>
  chunks.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);

describe("a bundle for browsers", () => {
  it.each(Object.entries(ENTRY_KB_MAX))(
    "of %s loads at most %i kB at once",
    async (entry, limit) => {
      const chunks = await bundle(`export * from ${JSON.stringify(entry)};`);
      const eager = eagerBytes(chunks);
      const lazy = packedBytes(chunks) - eager;
      console.log(
        `${entry}: ${(eager / 1000).toFixed(1)} kB at once, ${(lazy / 1000).toFixed(1)} kB on demand, packed`,
      );
      expect(eager).toBeGreaterThan(1000);
      expect(eager / 1000).toBeLessThanOrEqual(limit);
      for (const { code } of chunks) expect(code).not.toMatch(/from\s*["']node:/);
    },
  );
});

const executablePath = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find(existsSync);
if (executablePath === undefined)
  console.warn("left out, no Chromium is here: encrypt, prove and verify in a page");

describe.runIf(executablePath !== undefined)("Chromium", () => {
  it("encrypts, proves, verifies and decrypts, with each backend of ristretto255", async () => {
    const chunks = await bundle(PAGE);
    const browser = await chromium.launch({
      executablePath: executablePath ?? "",
      args: ["--no-sandbox"],
    });
    try {
      const page = await browser.newPage();
      await page.route("**/*", async (route) => {
        const path = new URL(route.request().url()).pathname.slice(1);
        const chunk = chunks.find(({ fileName }) => fileName === path);
        const start = chunks.find(({ isEntry }) => isEntry)?.fileName;
        await route.fulfill(
          chunk === undefined
            ? { contentType: "text/html", body: `<script type="module" src="/${start}"></script>` }
            : { contentType: "text/javascript", body: chunk.code },
        );
      });
      await page.goto("http://page.test/");
      await page.waitForFunction("window.isReady === true");
      for (const backend of ["noble", "libsodium", "wasm"]) {
        expect(await page.evaluate(`window.runPage(${JSON.stringify(backend)})`)).toEqual({
          values: ["200", "100"],
          verdicts: ["good", "threshold/proof"],
          backend,
        });
      }
    } finally {
      await browser.close();
    }
  });
});
