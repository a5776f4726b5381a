/** What sending a transaction needs of a node, over its REST address. */
import { setTimeout as sleep } from "node:timers/promises";
import { GatewayError, getJson, postJson, txError } from "../client.ts";
import { CliError } from "../errors.ts";

export interface AccountNumbers {
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

export interface TxOutcome {
  readonly txhash: string;
  readonly height: number;
  readonly code: number;
  readonly codespace: string;
  readonly raw_log: string;
  readonly gas_used: string;
  readonly gas_wanted: string;
  readonly events: readonly {
    readonly type: string;
    readonly attributes: readonly { readonly key: string; readonly value: string }[];
  }[];
}

const pollMs = 150;
const waitMsMax = 60_000;

type Json = Record<string, unknown>;

/** Number and sequence of an account of any kind. @throws {CliError} `cli/not_found`. */
export async function accountNumbers(rest: string, address: string): Promise<AccountNumbers> {
  let answer: Json;
  try {
    answer = await getJson(`${base(rest)}/cosmos/auth/v1beta1/account_info/${address}`);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== "cli/not_found") throw error;
    const hint = "Send it some coins first: `tacit tx bank send a <address> 1000000uscrt`.";
    throw new CliError("cli/not_found", `The chain has no account ${address} yet.`, hint);
  }
  const info = answer.info as Json;
  return {
    accountNumber: BigInt(String(info.account_number ?? "0")),
    sequence: BigInt(String(info.sequence ?? "0")),
  };
}

/** Gas that the transaction would use now. @throws {CliError} `cli/refused` with the reason. */
export async function simulate(rest: string, txBytes: Uint8Array): Promise<bigint> {
  const body = { tx_bytes: Buffer.from(txBytes).toString("base64") };
  const answer = await postJson(`${base(rest)}/cosmos/tx/v1beta1/simulate`, body);
  return BigInt(String((answer.gas_info as Json).gas_used));
}

/** Hands it to the node's pending queue. @throws {CliError} `cli/tx_failed`. */
export async function broadcast(rest: string, txBytes: Uint8Array): Promise<string> {
  const body = { tx_bytes: Buffer.from(txBytes).toString("base64"), mode: "BROADCAST_MODE_SYNC" };
  const answer = await postJson(`${base(rest)}/cosmos/tx/v1beta1/txs`, body);
  const outcome = answer.tx_response as TxOutcome;
  return checkOutcome(outcome).txhash;
}

/** Waits until it is in a block. @throws {CliError} `cli/tx_failed`, `cli/not_found` after a minute. */
export async function waitForTx(rest: string, hash: string): Promise<TxOutcome> {
  for (let waited = 0; waited < waitMsMax; waited += pollMs) {
    try {
      const answer = await getJson(`${base(rest)}/cosmos/tx/v1beta1/txs/${hash}`);
      const outcome = answer.tx_response as TxOutcome;
      return checkOutcome({ ...outcome, height: Number(outcome.height) });
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== "cli/not_found") throw error;
    }
    await sleep(pollMs);
  }
  throw new CliError(
    "cli/not_found",
    `Transaction ${hash} was accepted, but is in no block after ${waitMsMax / 1_000} s.`,
    `Ask again later: \`tacit query tx ${hash}\`.`,
  );
}

function checkOutcome(outcome: TxOutcome): TxOutcome {
  const { code, codespace, txhash: hash, raw_log: log } = outcome;
  if (code === 0) return outcome;
  throw txError({ hash, codespace, code, log });
}

export const base = (rest: string): string => rest.replace(/\/+$/, "");
