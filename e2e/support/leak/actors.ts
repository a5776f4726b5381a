/** People of the story: unmodified secretjs, with encryption seeds that the search knows. */
import { DEV_ACCOUNTS } from "@tacit/cli/dev-accounts";
import { type Msg, SecretNetworkClient, type TxResponse, Wallet } from "secretjs";
import type { Actor, Contract } from "../secretjs.ts";
import type { TracedProcess } from "./traced-process.ts";

export interface KnownActor extends Actor {
  /** 32 bytes; the X25519 private key of the client. */
  readonly encryptionSeed: Uint8Array;
}

/** @param mnemonic of nobody in particular if absent. */
export function knownActor(
  node: Pick<TracedProcess, "urls" | "chainId">,
  mnemonic?: string,
): KnownActor {
  const wallet = mnemonic === undefined ? new Wallet() : new Wallet(mnemonic);
  const encryptionSeed = crypto.getRandomValues(new Uint8Array(32));
  const client = new SecretNetworkClient({
    url: node.urls.rest,
    chainId: node.chainId,
    wallet,
    walletAddress: wallet.address,
    encryptionSeed,
  });
  return { address: wallet.address, client, wallet, encryptionSeed };
}

export function devMnemonic(name: string): string {
  return DEV_ACCOUNTS.find((account) => account.name === name)?.mnemonic ?? "";
}

export interface SendOptions {
  readonly gasLimit?: number;
  readonly memo?: string;
}

export function send(
  by: KnownActor,
  messages: Msg[],
  { gasLimit = 400_000, memo = "" }: SendOptions = {},
): Promise<TxResponse> {
  return by.client.tx.broadcast(messages, {
    gasLimit,
    memo,
    gasPriceInFeeDenom: 0.1,
    broadcastCheckIntervalMs: 30,
  });
}

export function query<T>(by: KnownActor, contract: Contract, message: object): Promise<T> {
  return by.client.query.compute.queryContract<object, T>({ ...contract, query: message });
}
