/** Unmodified secretjs against a node of the tests. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DEV_ACCOUNTS } from "@tacit/cli/dev-accounts";
import { MsgExecuteContractResponse, SecretNetworkClient, type TxResponse, Wallet } from "secretjs";
import type { NodeUrls } from "./node-process.ts";

export interface Actor {
  readonly address: string;
  readonly client: SecretNetworkClient;
  readonly wallet: Wallet;
}

export interface Contract {
  readonly contract_address: string;
  readonly code_hash: string;
}

export function actor(name: string, { urls, chainId }: { urls: NodeUrls; chainId: string }): Actor {
  const account = DEV_ACCOUNTS.find((dev) => dev.name === name);
  const wallet = new Wallet(account?.mnemonic ?? "");
  const client = new SecretNetworkClient({
    url: urls.rest,
    chainId,
    wallet,
    walletAddress: wallet.address,
  });
  return { address: wallet.address, client, wallet };
}

export function txOptions(gasLimit: number) {
  return { gasLimit, gasPriceInFeeDenom: 0.1, broadcastCheckIntervalMs: 50 };
}

/** @param name of a file in contracts/artifacts, without its ending. */
export function artifact(name: string): Uint8Array {
  return readFileSync(join(import.meta.dirname, "../../contracts/artifacts", `${name}.wasm`));
}

export function attribute(tx: TxResponse, type: string, key: string): string {
  return tx.arrayLog?.find((entry) => entry.type === type && entry.key === key)?.value ?? "";
}

/** @returns the code's id. */
export async function upload(by: Actor, wasm: Uint8Array): Promise<string> {
  const tx = await by.client.tx.compute.storeCode(
    { sender: by.address, wasm_byte_code: wasm, source: "", builder: "" },
    txOptions(8_000_000),
  );
  if (tx.code !== 0) throw new Error(tx.rawLog);
  return attribute(tx, "message", "code_id");
}

let labels = 0;

export async function instantiate(
  by: Actor,
  codeId: string,
  initMsg: object,
  admin?: string,
): Promise<Contract> {
  const { code_hash = "" } = await by.client.query.compute.codeHashByCodeId({ code_id: codeId });
  labels += 1;
  const tx = await by.client.tx.compute.instantiateContract(
    {
      sender: by.address,
      code_id: codeId,
      code_hash,
      label: `test ${labels} ${codeId}`,
      init_msg: initMsg,
      ...(admin !== undefined && { admin }),
    },
    txOptions(1_000_000),
  );
  if (tx.code !== 0) throw new Error(tx.rawLog);
  // Contracts of the v0.10 interface have no event `instantiate`.
  const contract_address =
    attribute(tx, "instantiate", "contract_address") ||
    attribute(tx, "message", "contract_address");
  return { contract_address, code_hash };
}

export async function execute(
  by: Actor,
  contract: Contract,
  msg: object,
  options: { readonly gas?: number; readonly funds?: { denom: string; amount: string }[] } = {},
): Promise<TxResponse> {
  return by.client.tx.compute.executeContract(
    {
      sender: by.address,
      ...contract,
      msg,
      sent_funds: options.funds ?? [],
    },
    txOptions(options.gas ?? 500_000),
  );
}

/** A contract's answer, or its error as text. */
export async function ask<T>(by: Actor, contract: Contract, query: object): Promise<T> {
  return by.client.query.compute.queryContract<object, T>({ ...contract, query });
}

/** The bytes that an executed contract set as data. */
export function dataOf(tx: TxResponse, index = 0): Uint8Array {
  return MsgExecuteContractResponse.decode(tx.data[index] ?? new Uint8Array()).data;
}
