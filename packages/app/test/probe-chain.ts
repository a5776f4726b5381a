/** A chain with the probe contract, which does what a test asks. */
import { decodeMessage, fromBase64, toBase64 } from "@tacit/encoding";
import {
  QueryBalanceRequestSchema,
  QueryBalanceResponseSchema,
} from "@tacit/encoding/proto/cosmos/bank/v1beta1/query";
import { TxMsgDataSchema } from "@tacit/encoding/proto/cosmos/base/abci/v1beta1/abci";
import { MsgInstantiateContractResponseSchema } from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import {
  QuerySecretContractRequestSchema,
  QuerySecretContractResponseSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import type { ExecTxResult } from "@tacit/sdk";
import { MsgExecuteContract, MsgInstantiateContract, MsgSend, MsgStoreCode } from "secretjs";
import { expect } from "vitest";
import { LocalChain, type LocalUser, readContract } from "./local-chain.ts";

export const probe = readContract("host_probe");
export const compute = "/secret.compute.v1beta1.Query";

/** What secretjs looks for in a failed transaction's log. */
export const failurePattern =
  /; message index: (\d+):(?: dispatch: submessages:)* encrypted: (.+?): (?:instantiate|execute|query|reply to|migrate) contract failed/;

export type Step = Record<string, unknown>;

/** A chain with the probe uploaded and two instances of it. */
export class ProbeChain extends LocalChain {
  first = "";
  second = "";

  async prepare(): Promise<this> {
    const { a } = this.users;
    const stored = await this.run(
      a,
      [
        new MsgStoreCode({
          sender: a.address,
          wasm_byte_code: probe.wasm,
          source: "",
          builder: "",
        }),
      ],
      5_000_000,
    );
    expect(stored).toMatchObject({ code: 0, log: "" });
    this.first = await this.instantiate("first");
    this.second = await this.instantiate("second");
    return this;
  }

  async instantiate(label: string, admin?: string): Promise<string> {
    const { a } = this.users;
    const result = await this.run(a, [
      new MsgInstantiateContract({
        sender: a.address,
        code_id: 1,
        code_hash: probe.hash,
        label,
        init_msg: {},
        ...(admin === undefined ? {} : { admin }),
      }),
    ]);
    expect(result).toMatchObject({ code: 0, log: "" });
    return decodeMessage(MsgInstantiateContractResponseSchema, responseOf(result)).address;
  }

  call(steps: readonly Step[], contract = this.first): MsgExecuteContract<object> {
    return new MsgExecuteContract({
      sender: this.users.a.address,
      contract_address: contract,
      code_hash: probe.hash,
      msg: { run: { steps } },
      sent_funds: [],
    });
  }

  /** Runs steps in a contract, as account a. */
  async steps(steps: readonly Step[], contract = this.first, gasLimit = 2_000_000) {
    const message = this.call(steps, contract);
    const result = await this.run(this.users.a, [message], gasLimit);
    return { result, nonce: await nonceOf(this.users.a, message) };
  }

  async ask(contract: string, query: object): Promise<string> {
    const { encryption } = this.users.a;
    const sealed = await encryption.encrypt(probe.hash, query);
    const { data } = this.query(
      `${compute}/QuerySecretContract`,
      { input: QuerySecretContractRequestSchema, output: QuerySecretContractResponseSchema },
      { contractAddress: contract, query: sealed },
    );
    const text = new TextDecoder().decode(await encryption.decrypt(data, sealed.slice(0, 32)));
    return new TextDecoder().decode(fromBase64(text));
  }

  async lastReply(contract = this.first): Promise<{ id: number; result: Step } | null> {
    const bytes = JSON.parse(await this.ask(contract, { last_reply: {} }));
    return bytes === null ? null : JSON.parse(new TextDecoder().decode(fromBase64(bytes)));
  }

  async read(contract: string, key: string): Promise<string | null> {
    const query = { get: { key: toBase64(new TextEncoder().encode(key)) } };
    const value = JSON.parse(await this.ask(contract, query));
    return value === null ? null : new TextDecoder().decode(fromBase64(value));
  }

  async fund(contract: string, amount: bigint): Promise<void> {
    const { a } = this.users;
    const send = new MsgSend({
      from_address: a.address,
      to_address: contract,
      amount: [{ denom: "uscrt", amount: amount.toString() }],
    });
    expect(await this.run(a, [send])).toMatchObject({ code: 0 });
  }

  balance(address: string): bigint {
    const { balance } = this.query(
      "/cosmos.bank.v1beta1.Query/Balance",
      { input: QueryBalanceRequestSchema, output: QueryBalanceResponseSchema },
      { address, denom: "uscrt" },
    );
    return BigInt(balance?.amount ?? "0");
  }

  execute(steps: readonly Step[], changes: Step = {}): Step {
    return {
      execute: {
        address: this.second,
        code_hash: probe.hash,
        msg: toBase64(new TextEncoder().encode(JSON.stringify({ run: { steps } }))),
        funds: [],
        id: 7,
        reply_on: "never",
        gas_limit: null,
        ...changes,
      },
    };
  }
}

export const write = (key: string, value: string): Step => ({
  write: {
    key: toBase64(new TextEncoder().encode(key)),
    value: toBase64(new TextEncoder().encode(value)),
  },
});

export function responseOf(result: ExecTxResult, index = 0): Uint8Array {
  return decodeMessage(TxMsgDataSchema, result.data).msgResponses[index]!.value;
}

export async function nonceOf(
  user: LocalUser,
  message: MsgExecuteContract<object>,
): Promise<Uint8Array> {
  const { value } = await message.toProto(user.encryption);
  return value.msg.slice(0, 32);
}

/** The contract's own error, as its sender reads it. */
export async function openError(
  chain: ProbeChain,
  log: string,
  nonce: Uint8Array,
): Promise<string> {
  const sealed = failurePattern.exec(log)?.[2];
  expect(sealed, log).toBeDefined();
  return await chain.users.a.openBase64(sealed!, nonce);
}
