/**
 * Every message with every field wrong in every way: the code and codespace of the SDK, and state
 * as after any other refusal. `bad-messages/README.md` says where the outcomes come from.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type BadCase, BadMessageChain, operations, simulationNetworks } from "../src/index.ts";

const artifact = new URL("../../../contracts/artifacts/counter.wasm", import.meta.url);
const wasm = new Uint8Array(readFileSync(artifact));
const timeoutMs = 600_000;

/** What the Go application of the recording does not have. */
const isSecrets = (typeUrl: string) => /^\/secret\.|MsgSetAutoRestake$/.test(typeUrl);
/** Those, and what Secret's fork adds fields to. */
const isForks = (typeUrl: string) =>
  isSecrets(typeUrl) || typeUrl === "/cosmos.distribution.v1beta1.MsgUpdateParams";
const sdkOperations = operations.filter(({ typeUrl }) => !isSecrets(typeUrl));

/** By message type, then `field: change`: `codespace/code`, or `ok`. */
type Outcomes = Readonly<Record<string, Readonly<Record<string, string>>>>;

function recorded(name: string): { readonly outcomes: Outcomes; readonly file: URL } {
  const file = new URL(`./bad-messages/${name}.json`, import.meta.url);
  return { outcomes: JSON.parse(readFileSync(file, "utf8")) as Outcomes, file };
}

function run(chain: BadMessageChain, cases: readonly BadCase[]) {
  const outcomes: Record<string, Record<string, string>> = {};
  const faults: string[] = [];
  for (const one of cases) {
    const { outcome, fault } = chain.run(one);
    const { code, codespace } = outcome;
    const name = `${one.field}: ${one.change}`;
    outcomes[one.typeUrl] ??= {};
    outcomes[one.typeUrl]![name] = code === 0 ? "ok" : `${codespace}/${code}`;
    if (fault !== undefined) faults.push(`${one.typeUrl} ${name}: ${fault}`);
  }
  return { outcomes, faults };
}

describe("a message that is wrong in one field", () => {
  const [secret, upstream] = simulationNetworks;

  it.each([
    ["sdk", upstream!, sdkOperations, () => true],
    ["secret", secret!, operations, isForks],
  ] as const)(
    "has the recorded code and changes nothing: %s",
    (name, network, chosen, isAsked) => {
      const chain = new BadMessageChain({ network, operations: chosen, wasm });
      const cases = chain.cases().filter(({ typeUrl }) => isAsked(typeUrl));
      const { outcomes, faults } = run(chain, cases);
      expect(faults).toEqual([]);
      const { outcomes: expected, file } = recorded(name);
      if (process.env.UPDATE_BAD_MESSAGES === "1") {
        writeFileSync(file, `${JSON.stringify(outcomes, undefined, 1)}\n`);
      } else expect(outcomes).toEqual(expected);
    },
    timeoutMs,
  );

  it("is tried for every message of the network", () => {
    const tried = ["sdk", "secret"].flatMap((name) => Object.keys(recorded(name).outcomes));
    const fieldless = operations
      .map(({ typeUrl }) => typeUrl)
      .filter((typeUrl) => !tried.includes(typeUrl));
    expect(fieldless).toEqual([]);
  });

  it("is refused by none but typed errors, and by no fault of ours", () => {
    for (const name of ["sdk", "secret"]) {
      for (const cases of Object.values(recorded(name).outcomes)) {
        for (const outcome of Object.values(cases)) {
          expect(outcome).toMatch(/^(ok|[a-z]+\/\d+)$/);
        }
      }
    }
  });
});
