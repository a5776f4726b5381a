/**
 * Random changes of valid transactions, by the thousand, among transactions that stay valid. The
 * sizes are parameters: tests run few, the soak runs many.
 */

import { decodeMessage, toHex } from "@tacit/encoding";
import { TxBodySchema, TxRawSchema } from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import type { AnyValue, ExecTxResult } from "@tacit/sdk";
import {
  type Msg,
  MsgExecuteContract,
  MsgInstantiateContract,
  MsgSend,
  MsgStoreCode,
} from "secretjs";
import { LocalChain, type LocalUser } from "../local-chain.ts";
import { ProbeChain, probe, write } from "../probe-chain.ts";
import { mutateBytes, mutateFields } from "./mutate.ts";
import { assertDocumented, OutcomeCount, type Outcomes } from "./outcomes.ts";
import { type Random, seededRandom } from "./random.ts";
import { Signer } from "./signer.ts";
import { tinyContract } from "./tiny-contract.ts";

export interface MutationRun {
  readonly count: number;
  readonly seed: number;
}

export interface MutationReport {
  readonly outcomes: Outcomes;
  /** Of valid transactions that ran among the changed ones. */
  readonly honest: number;
}

const BLOCK_TXS = 100;
/** Fewer, so that labels and codes of one block do not get into each other's way. */
const SIGNED_BLOCK_TXS = 20;

/**
 * Changes signed bytes. None may be accepted; afterwards the state is that of a chain which never
 * saw them, block by block.
 * @throws {RangeError} naming seed and place for anything else.
 */
export async function runTransactionMutations({
  count,
  seed,
}: MutationRun): Promise<MutationReport> {
  const random = seededRandom(seed);
  const sealedFile = sharedSeal();
  const chain = await new ProbeChain({}, { sealedFile }).prepare();
  const undisturbed = new LocalChain({}, { sealedFile });
  const counted = new OutcomeCount();
  const refused = new Set<Uint8Array>();
  let honest = 0;
  for (let done = 0; done < count; done += BLOCK_TXS) {
    const valid = await chain.users.a.sign(await baseMessages(chain, done, random), 3_000_000);
    const other = await chain.users.b.sign([payment(chain.users.b, chain.users.a)], 100_000);
    const mutants = Array.from({ length: Math.min(BLOCK_TXS, count - done) }, () =>
      random.below(2) === 0 ? mutateBytes(valid, random) : mutateFields(valid, random),
    );
    const assertRefused = (result: ExecTxResult, index: number) => {
      const where = `seed=${seed} transaction ${done + index} ${toHex(mutants[index]!)}`;
      assertDocumented(result, where);
      if (result.code === 0) throw new RangeError(`accepted: ${where}`);
    };
    for (const [index, tx] of mutants.entries()) {
      assertRefused(chain.chain.checkTx({ tx, recheck: false }), index);
      refused.add(tx);
    }
    const [first, ...results] = chain.block(other, ...mutants);
    for (const [index, result] of results.entries()) {
      assertRefused(result, index);
      counted.add(result);
    }
    /** In a block of its own, because the chain notes at which place a contract was made. */
    const [second] = chain.block(valid);
    for (const result of [first, second]) {
      if (result?.code !== 0) throw new RangeError(`seed=${seed}: valid, but ${result?.log}`);
      honest += 1;
    }
  }
  assertSameStates(chain, undisturbed, refused, seed);
  return { outcomes: counted.outcomes, honest };
}

/** Replays the blocks without `refused` and compares the state after each. */
function assertSameStates(
  chain: LocalChain,
  undisturbed: LocalChain,
  refused: ReadonlySet<Uint8Array>,
  seed: number,
): void {
  for (const { txs } of chain.made.slice(undisturbed.made.length)) {
    undisturbed.block(...txs.filter((tx) => !refused.has(tx)));
  }
  for (const [index, { appHash }] of chain.made.entries()) {
    const expected = undisturbed.made[index]?.appHash ?? new Uint8Array(0);
    if (toHex(appHash) !== toHex(expected)) {
      throw new RangeError(
        `seed=${seed}: block ${index + 1} left other state than without bad input`,
      );
    }
  }
}

/**
 * Changes messages and signs what comes out, so that it gets past the signature: to handlers and to
 * the enclave.
 * @throws {RangeError} naming seed and place for a result that is not documented.
 */
export async function runSignedMutations({ count, seed }: MutationRun): Promise<MutationReport> {
  const random = seededRandom(seed);
  const chain = await new ProbeChain().prepare();
  const { a, b } = chain.users;
  const signer = new Signer(chain, a);
  const counted = new OutcomeCount();
  let honest = 0;
  for (let done = 0; done < count; done += SIGNED_BLOCK_TXS) {
    const base = messagesOf(await a.sign(await baseMessages(chain, done, random), 1));
    a.sequence -= 1;
    const mutants: Uint8Array[] = [];
    for (let index = 0; index < Math.min(SIGNED_BLOCK_TXS, count - done); index++) {
      const messages = base.map((message) => mutateMessage(message, base, random));
      const tx = signer.sign(messages, 400_000n);
      const check = chain.chain.checkTx({ tx, recheck: false });
      assertDocumented(check, `CheckTx, seed=${seed} ${toHex(tx)}`);
      if (check.code === 0) signer.spend();
      mutants.push(tx);
    }
    const results = chain.block(...mutants);
    for (const [index, result] of results.entries()) {
      assertDocumented(
        result,
        `seed=${seed} transaction ${done + index} ${toHex(mutants[index]!)}`,
      );
      counted.add(result);
    }
    const [after] = chain.block(await b.sign([payment(b, a)], 100_000));
    if (after?.code !== 0) throw new RangeError(`seed=${seed}: a valid one fails: ${after?.log}`);
    honest += 1;
  }
  const kept = await chain.steps([write("afterwards", "all is well")]);
  if (kept.result.code !== 0) throw new RangeError(`seed=${seed}: ${kept.result.log}`);
  return { outcomes: counted.outcomes, honest };
}

function mutateMessage(message: AnyValue, all: readonly AnyValue[], random: Random): AnyValue {
  const { typeUrl, value } = message;
  switch (random.below(8)) {
    case 0:
      return { typeUrl: random.pick(OTHER_TYPES), value };
    case 1:
      return { typeUrl, value: mutateBytes(value, random) };
    case 2:
      return { typeUrl, value: random.pick(all).value };
    default:
      return { typeUrl, value: mutateFields(value, random) };
  }
}

const OTHER_TYPES = [
  "/cosmos.bank.v1beta1.MsgSend",
  "/cosmos.bank.v1beta1.MsgMultiSend",
  "/secret.compute.v1beta1.MsgStoreCode",
  "/secret.compute.v1beta1.MsgInstantiateContract",
  "/secret.compute.v1beta1.MsgExecuteContract",
  "/secret.compute.v1beta1.MsgMigrateContract",
  "/secret.compute.v1beta1.MsgUpdateAdmin",
  "/secret.compute.v1beta1.MsgClearAdmin",
  "/secret.compute.v1beta1.MsgUpdateParams",
  "/secret.registration.v1beta1.RaAuthenticate",
  "/cosmos.tx.v1beta1.Tx",
  "",
] as const;

/** One of each kind that a user sends, in turn. */
async function baseMessages(chain: ProbeChain, round: number, random: Random): Promise<Msg[]> {
  const { a, b } = chain.users;
  const kinds: readonly (() => Msg[] | Promise<Msg[]>)[] = [
    () => [payment(a, b)],
    () => [execute(chain, a, `key ${round}`)],
    async () => [upload(a, await tinyContract())],
    () => [instantiate(a, `mutated ${round} ${random.below(1_000_000)}`)],
    () => [execute(chain, a, "first"), payment(a, b), execute(chain, a, "second")],
  ];
  return random.pick(kinds)();
}

function payment(from: LocalUser, to: LocalUser): Msg {
  const amount = [{ denom: "uscrt", amount: "17" }];
  return new MsgSend({ from_address: from.address, to_address: to.address, amount });
}

function execute(chain: ProbeChain, by: LocalUser, key: string): Msg {
  return new MsgExecuteContract({
    sender: by.address,
    contract_address: chain.first,
    code_hash: probe.hash,
    msg: { run: { steps: [write(key, "value")] } },
    sent_funds: [{ denom: "uscrt", amount: "3" }],
  });
}

function upload(by: LocalUser, wasm: Uint8Array): Msg {
  return new MsgStoreCode({ sender: by.address, wasm_byte_code: wasm, source: "", builder: "" });
}

function instantiate(by: LocalUser, label: string): Msg {
  return new MsgInstantiateContract({
    sender: by.address,
    code_id: 1,
    code_hash: probe.hash,
    label,
    init_msg: { steps: [write("made", label)] },
    admin: by.address,
  });
}

export function messagesOf(tx: Uint8Array): AnyValue[] {
  const { bodyBytes } = decodeMessage(TxRawSchema, tx);
  return decodeMessage(TxBodySchema, bodyBytes).messages.map(({ typeUrl, value }) => ({
    typeUrl,
    value,
  }));
}

/** Where the first chain of a network leaves its seeds for the second. */
export function sharedSeal() {
  let sealed: Uint8Array | undefined;
  return {
    read: () => sealed,
    write: (bytes: Uint8Array) => {
      sealed = bytes;
    },
  };
}
