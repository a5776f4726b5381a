/** Gas and prefix belong to a network: the same code runs with any. */
import { type NetworkDefinition, secretdev1 } from "@tacit/app";
import { makeCoins } from "@tacit/encoding";
import { MsgSendSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { type ExecTxResult, type KvGasTable, secretKvGas, upstreamKvGas } from "@tacit/sdk";
import { describe, expect, it } from "vitest";
import { anyOf, Random, randomCast, randomGenesis, SimulatedChain, signTx } from "../src/index.ts";

const free: KvGasTable = {
  hasCost: 0n,
  deleteCost: 0n,
  readCostFlat: 0n,
  readCostPerByte: 0n,
  writeCostFlat: 0n,
  writeCostPerByte: 0n,
  iterNextCostFlat: 0n,
};

/** The same send on the same genesis under other parameters. */
function send(changes: Partial<NetworkDefinition>): { result: ExecTxResult; receiver: string } {
  const network = { ...secretdev1, chainId: "parameters-1", ...changes };
  const random = new Random(1);
  const cast = randomCast(random);
  const chain = new SimulatedChain({ network, genesis: randomGenesis(random, { network, cast }) });
  chain.block({ txs: [], elapsedNs: 1_000_000_000n });
  const [from, to] = cast.users;
  const { addresses } = chain.chain.composition;
  const receiver = addresses.toText(to!.address);
  const tx = signTx({
    signer: from!,
    chainId: network.chainId,
    accountNumber: 0n,
    sequence: 0n,
    messages: [
      anyOf(MsgSendSchema, {
        fromAddress: addresses.toText(from!.address),
        toAddress: receiver,
        amount: [{ denom: network.bondDenom, amount: "5" }],
      }),
    ],
    fee: makeCoins({ denom: network.bondDenom, amount: 10n }),
    gasLimit: 1_000_000n,
  });
  const [result] = chain.block({ txs: [tx], elapsedNs: 1_000_000_000n }).txResults;
  return { result: result!, receiver };
}

const gasWith = (kvGas: KvGasTable) => send({ kvGas }).result.gasUsed;

describe("a network's parameters", () => {
  it("charge gas by its table and by no other", () => {
    const base = gasWith(free);
    const names = Object.keys(free) as (keyof KvGasTable)[];
    /** How often a send pays each cost. */
    const counts = new Map(names.map((name) => [name, gasWith({ ...free, [name]: 1n }) - base]));
    expect(counts.get("readCostFlat")).toBeGreaterThan(10n);
    expect(counts.get("writeCostPerByte")).toBeGreaterThan(100n);
    for (const table of [secretKvGas, upstreamKvGas]) {
      const expected = names.reduce((sum, name) => sum + counts.get(name)! * table[name], base);
      expect(gasWith(table)).toBe(expected);
    }
  });

  it("write addresses with its prefix, and take no other", () => {
    const { result, receiver } = send({ bech32Prefix: "cosmos", bondDenom: "stake" });
    expect(receiver).toMatch(/^cosmos1/);
    expect(result.code).toBe(0);
    const values = result.events.flatMap(({ attributes }) => attributes.map(({ value }) => value));
    expect(values).toContain(receiver);
    expect(values.filter((value) => /^secret/.test(value))).toEqual([]);
  });
});
