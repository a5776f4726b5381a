/**
 * Random changes of valid contracts, uploaded by the thousand; those that pass are made and called.
 * The sizes are parameters: tests run few, the soak runs many.
 */
import { gzipSync } from "node:zlib";
import { sha256 } from "@tacit/crypto";
import { encodeMessage, fromAccountAddress, toHex } from "@tacit/encoding";
import {
  MsgExecuteContractSchema,
  MsgInstantiateContractSchema,
  MsgStoreCodeSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { QuerySecretContractRequestSchema } from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import type { AnyValue, ExecTxResult } from "@tacit/sdk";
import { LocalChain, type LocalParts, readContract } from "../local-chain.ts";
import { compute } from "../probe-chain.ts";
import { mutateBytes } from "./mutate.ts";
import { mutateModule } from "./mutate-wasm.ts";
import { assertDocumented, OutcomeCount, type Outcomes } from "./outcomes.ts";
import { type Random, seededRandom } from "./random.ts";
import { Signer } from "./signer.ts";
import { tinyContract } from "./tiny-contract.ts";
import type { MutationRun } from "./transactions.ts";

export interface ContractReport {
  readonly uploads: Outcomes;
  readonly calls: Outcomes;
}

const BLOCK_UPLOADS = 25;
/** One in so many mutants is of a contract of 150 KB that a compiler made. */
const LARGE_EACH = 50;
const UPLOAD_GAS = 3_000_000n;
const CALL_GAS = 200_000n;

interface Mutant {
  readonly wasm: Uint8Array;
  /** As it is sent, packed or not. */
  readonly sent: Uint8Array;
}

/** @throws {RangeError} naming seed and place for a result that is not documented. */
export async function runContractMutations(
  { count, seed }: MutationRun,
  parts: LocalParts = {},
): Promise<ContractReport> {
  const run = new ContractRun(seed, new LocalChain({}, parts));
  const bases = { small: await tinyContract(), large: readContract("counter").wasm };
  for (let done = 0; done < count; done += BLOCK_UPLOADS) {
    const size = Math.min(BLOCK_UPLOADS, count - done);
    run.round(
      Array.from({ length: size }, (_, index) => mutantOf(bases, run.random, done + index)),
    );
  }
  run.honest({ wasm: bases.small, sent: bases.small });
  return { uploads: run.uploads.outcomes, calls: run.calls.outcomes };
}

function mutantOf(
  bases: { readonly small: Uint8Array; readonly large: Uint8Array },
  random: Random,
  index: number,
): Mutant {
  const base = index % LARGE_EACH === 0 ? bases.large : bases.small;
  if (random.below(20) === 0) {
    const sent = mutateBytes(new Uint8Array(gzipSync(base)), random);
    return { wasm: base, sent };
  }
  const wasm = random.below(4) === 0 ? mutateBytes(base, random) : mutateModule(base, random);
  const isPacked = random.below(20) === 0;
  return { wasm, sent: isPacked ? new Uint8Array(gzipSync(wasm)) : wasm };
}

class ContractRun {
  readonly random: Random;
  readonly uploads = new OutcomeCount();
  readonly calls = new OutcomeCount();
  readonly #seed: number;
  readonly #chain: LocalChain;
  readonly #signer: Signer;
  #labels = 0;

  constructor(seed: number, chain: LocalChain) {
    this.#seed = seed;
    this.#chain = chain;
    this.random = seededRandom(seed);
    this.#signer = new Signer(chain, chain.users.a);
  }

  /** Uploads in one block, instances of what passed in the next, calls of these in a third. */
  round(mutants: readonly Mutant[]): void {
    const uploads = mutants.map(({ sent }) => this.#signed(this.#upload(sent), UPLOAD_GAS));
    const stored = this.#block(uploads, this.uploads, mutants);
    const codes = stored.flatMap((result, index) => {
      const codeId = attributeOf(result, "code_id");
      return codeId === undefined
        ? []
        : [{ codeId: BigInt(codeId), ...(mutants[index] as Mutant) }];
    });
    const making = codes.map(({ codeId, wasm }) =>
      this.#signed(this.#instantiate(codeId, wasm), CALL_GAS),
    );
    const made = this.#block(making, this.calls, codes);
    const contracts = made.flatMap((result, index) => {
      const address = attributeOf(result, "contract_address");
      return result.code !== 0 || address === undefined
        ? []
        : [{ address, ...(codes[index] as Mutant) }];
    });
    const calling = contracts.map(({ address, wasm }) =>
      this.#signed(this.#execute(address, wasm), CALL_GAS),
    );
    this.#block(calling, this.calls, contracts);
    for (const { address, wasm } of contracts) this.#query(address, wasm);
  }

  /** A good contract still works. */
  honest(contract: Mutant): void {
    const counted = this.calls.outcomes.ok ?? 0;
    this.round([contract]);
    const after = this.calls.outcomes.ok ?? 0;
    if (after !== counted + 3)
      throw new RangeError(
        `seed=${this.#seed}: a good contract fails ${JSON.stringify(this.calls.outcomes)}`,
      );
  }

  #block(
    txs: readonly Uint8Array[],
    counted: OutcomeCount,
    mutants: readonly Mutant[],
  ): readonly ExecTxResult[] {
    if (txs.length === 0) return [];
    const results = this.#chain.block(...txs);
    for (const [index, result] of results.entries()) {
      assertDocumented(result, this.#place(mutants[index] as Mutant));
      counted.add(result);
    }
    return results;
  }

  #query(address: string, wasm: Uint8Array): void {
    const message = this.#signer.encrypt(sha256(wasm), "{}");
    const answer = this.#chain.abci(
      `${compute}/QuerySecretContract`,
      encodeMessage(QuerySecretContractRequestSchema, { contractAddress: address, query: message }),
    );
    assertDocumented(answer, this.#place({ wasm, sent: wasm }));
    this.calls.add(answer);
  }

  #place({ sent }: Mutant): string {
    const code = sent.length > 2_000 ? `${sent.length} bytes` : toHex(sent);
    return `seed=${this.#seed} code ${code}`;
  }

  #signed(message: AnyValue, gasLimit: bigint): Uint8Array {
    const tx = this.#signer.sign([message], gasLimit);
    const { code } = this.#chain.chain.checkTx({ tx, recheck: false });
    if (code === 0) this.#signer.spend();
    return tx;
  }

  #upload(wasmByteCode: Uint8Array): AnyValue {
    const sender = this.#signer.account.address;
    const value = encodeMessage(MsgStoreCodeSchema, { sender, wasmByteCode });
    return { typeUrl: "/secret.compute.v1beta1.MsgStoreCode", value };
  }

  #instantiate(codeId: bigint, wasm: Uint8Array): AnyValue {
    this.#labels += 1;
    const sender = this.#signer.account.address;
    const initMsg = this.#signer.encrypt(sha256(wasm), "{}");
    const label = `mutant ${this.#labels}`;
    const value = encodeMessage(MsgInstantiateContractSchema, { sender, codeId, label, initMsg });
    return { typeUrl: "/secret.compute.v1beta1.MsgInstantiateContract", value };
  }

  #execute(address: string, wasm: Uint8Array): AnyValue {
    const sender = this.#signer.account.address;
    const msg = this.#signer.encrypt(sha256(wasm), "{}");
    const contract = fromAccountAddress(address);
    const value = encodeMessage(MsgExecuteContractSchema, { sender, contract, msg });
    return { typeUrl: "/secret.compute.v1beta1.MsgExecuteContract", value };
  }
}

function attributeOf({ events }: ExecTxResult, key: string): string | undefined {
  return events.flatMap(({ attributes }) => attributes).find((each) => each.key === key)?.value;
}
