/** What happened on a chain and what of it must stay hidden, for those who search afterwards. */
import type { TxResponse } from "secretjs";
import { expect } from "vitest";
import type { SecretBytes } from "../markers.ts";
import { attribute, type Contract } from "../secretjs.ts";

export interface StoredCode {
  readonly codeId: string;
  readonly code_hash: string;
}

export class Story {
  readonly chainId: string;
  readonly contracts: Contract[] = [];
  readonly hashes: string[] = [];
  /** Secrets that no stem shows: amounts, keys, addresses, signatures. */
  readonly hidden: (string | SecretBytes)[] = [];
  readonly #codes = new Map<string, StoredCode>();

  constructor(chainId: string) {
    this.chainId = chainId;
  }

  addCode(name: string, code: StoredCode): void {
    this.#codes.set(name, code);
  }

  code(name: string): StoredCode {
    const code = this.#codes.get(name);
    if (code === undefined) throw new RangeError(name);
    return code;
  }

  get codeIds(): string[] {
    return [...this.#codes.values()].map(({ codeId }) => codeId);
  }

  hide(...secrets: (string | SecretBytes)[]): void {
    this.hidden.push(...secrets);
  }

  /** As text and as the integers that contracts keep. */
  hideAmounts(...amounts: bigint[]): void {
    for (const amount of amounts) {
      const bytes = new Uint8Array(8);
      const view = new DataView(bytes.buffer);
      view.setBigUint64(0, amount);
      this.hide(`${amount}`, { name: `${amount} big-endian`, bytes: Uint8Array.from(bytes) });
      view.setBigUint64(0, amount, true);
      this.hide({ name: `${amount} little-endian`, bytes });
    }
  }

  note(tx: TxResponse): TxResponse {
    this.hashes.push(tx.transactionHash);
    return tx;
  }

  /** The transaction ended as the story wants it, and its sender can read why. */
  expect(tx: TxResponse, code: number, log = ""): TxResponse {
    this.note(tx);
    expect(tx.rawLog).toContain(log);
    expect(tx.code, tx.rawLog).toBe(code);
    return tx;
  }

  /** The contract that a transaction made. */
  made(tx: TxResponse, code_hash: string): Contract {
    this.expect(tx, 0);
    const contract_address = attribute(tx, "instantiate", "contract_address");
    const contract = { contract_address, code_hash };
    this.contracts.push(contract);
    return contract;
  }

  /** Whoever asked got `text`: the secret really was in this answer. */
  answered(answer: unknown, text: string): void {
    expect(JSON.stringify(answer)).toContain(text);
  }
}
