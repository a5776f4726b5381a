/** The contract `host_interface`, whose every entry point follows a script, and what it has been told. */
import type { ContractRequest, SystemEntryPoint } from "@tacit/enclave-channel";
import { fromBase64, toBase64 } from "@tacit/encoding";
import { type Account, executeMessage, signTx, type TestChain, type TxMessage } from "./chain.ts";
import { bech32 } from "./ibc.ts";
import type { Client } from "./secretjs.ts";

export const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
export const bytes = (value: string) => new TextEncoder().encode(value);
export const b64 = (value: string) => toBase64(bytes(value));

export type SystemRequest = Extract<ContractRequest, { kind: "system" }>;
export type ExecuteRequest = Extract<ContractRequest, { kind: "execute" }>;

export interface Target {
  readonly contract: Uint8Array;
  readonly codeHash: Uint8Array;
}

export class HostInterface {
  readonly chain: TestChain;
  readonly client: Client;
  readonly owner: Account;
  readonly target: Target;
  readonly address: string;
  readonly port: string;

  private constructor(chain: TestChain, client: Client, owner: Account, target: Target) {
    this.chain = chain;
    this.client = client;
    this.owner = owner;
    this.target = target;
    this.address = bech32(target.contract);
    this.port = `wasm.${this.address}`;
  }

  static async instantiate(
    chain: TestChain,
    client: Client,
    owner: Account,
    codeHash: Uint8Array,
  ): Promise<HostInterface> {
    const { contract } = chain.instantiate(owner, codeHash, await client.encrypt(codeHash, {}));
    return new HostInterface(chain, client, owner, { contract, codeHash });
  }

  /** Lets an entry point follow `script` from now on. */
  async prepare(entryPoint: string, script: object): Promise<void> {
    await this.execute({ prepare: [{ entry_point: entryPoint, script }] });
  }

  async execute(script: object): Promise<void> {
    const { codeHash } = this.target;
    const message = await this.client.encrypt(codeHash, script);
    const answer = this.chain.execute(this.owner, this.target, message);
    if (!("ok" in answer.result)) throw new TypeError(JSON.stringify(answer.result));
  }

  /** What the contract keeps under a name: `msg:sudo`, `env:sudo`; undefined if nothing. */
  async kept(name: string): Promise<string | undefined> {
    const { codeHash } = this.target;
    const call = { import: "db_read", args: [{ bytes: b64(name) }] };
    const question = await this.client.encrypt(codeHash, { calls: [call] });
    const answer = this.chain.query(this.target, question);
    if (answer.kind !== "query" || !("ok" in answer.result)) throw new TypeError(answer.kind);
    const results = text(fromBase64(await this.client.decryptText(answer.result.ok, question)));
    const [result] = JSON.parse(results) as [{ readonly bytes: string | null }];
    return result.bytes === null ? undefined : text(fromBase64(result.bytes));
  }

  systemRequest(entryPoint: SystemEntryPoint, message: string): SystemRequest {
    return {
      ...this.chain.executeRequest({
        sender: this.owner,
        ...this.target,
        message: bytes(message),
      }),
      kind: "system",
      sender: new Uint8Array(0),
      entryPoint,
    };
  }

  /** Begins a block with one transaction; the test ends both. */
  begin(signer: Account, messages: readonly TxMessage[]): void {
    this.chain.beginBlock();
    this.chain.beginTx(signTx(signer, messages));
  }

  end(): void {
    this.chain.endTx(true);
    this.chain.endBlock();
  }

  executeMessage(message: Uint8Array): TxMessage {
    const { address: sender } = this.owner;
    return executeMessage({ sender, contract: this.target.contract, message });
  }
}
