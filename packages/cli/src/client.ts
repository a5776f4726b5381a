/** secretjs, loaded only by the commands that need it: it takes half a second. */
import { hkdfSync } from "node:crypto";
import type { SecretNetworkClient, TxOptions, TxResponse } from "secretjs";
import type { ClientSettings } from "./config.ts";
import { CliError } from "./errors.ts";
import { deriveKey } from "./keys/derive.ts";
import { Keyring, type OpenKey } from "./keys/keyring.ts";
import { type PassphraseSource, readPassphrase } from "./keys/passphrase.ts";

export interface Sender {
  readonly client: SecretNetworkClient;
  readonly address: string;
  readonly key: OpenKey;
}

/** A client that can only read. */
export async function connect(settings: ClientSettings): Promise<SecretNetworkClient> {
  const { SecretNetworkClient } = await import("secretjs");
  return new SecretNetworkClient({ url: settings.rest, chainId: await chainIdOf(settings.rest) });
}

/** A client that signs with a key of the ring. Its encryption seed belongs to the key, so that
 * the same key can read its old transactions. */
export async function connectAs(
  settings: ClientSettings,
  name: string,
  source: PassphraseSource,
): Promise<Sender> {
  const key = await new Keyring(settings.home).open(name, () =>
    readPassphrase(source, `of key ${name}`),
  );
  const chainId = await chainIdOf(settings.rest);
  const { SecretNetworkClient, Wallet } = await import("secretjs");
  const wallet = new Wallet(key.mnemonic, { hdAccountIndex: key.accountIndex });
  const client = new SecretNetworkClient({
    url: settings.rest,
    chainId,
    wallet,
    walletAddress: key.address,
    encryptionSeed: encryptionSeed(key),
  });
  return { client, address: key.address, key };
}

/** Opens what was sealed for a message of this key. @param nonce of the message, 32 bytes. */
export async function openAnswer(
  settings: ClientSettings,
  key: OpenKey,
  nonce: Uint8Array,
  sealed: Uint8Array,
): Promise<Uint8Array> {
  const { EncryptionUtilsImpl } = await import("secretjs");
  return new EncryptionUtilsImpl(settings.rest, encryptionSeed(key)).decrypt(sealed, nonce);
}

const answerTimeoutMs = 15_000;

/** @throws {CliError} `cli/unreachable`, `cli/not_found`, `cli/refused`. */
export function getJson(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> {
  return requestJson(url, { headers });
}

/** @throws {CliError} as {@link getJson}. */
export function postJson(url: string, body: unknown): Promise<Record<string, unknown>> {
  const headers = { "content-type": "application/json" };
  return requestJson(url, { method: "POST", headers, body: JSON.stringify(body) });
}

async function requestJson(url: string, init: RequestInit): Promise<Record<string, unknown>> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(answerTimeoutMs) });
  } catch (cause) {
    throw unreachable(url, cause);
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (typeof body !== "object" || body === null) {
    const message = `${url} answers, but not as a node does (HTTP ${response.status}, no JSON).`;
    throw new CliError("cli/unreachable", message, "Is another program on this port?");
  }
  if (!response.ok) throw new GatewayError(body as GatewayFailure, response.status);
  return body as Record<string, unknown>;
}

interface GatewayFailure {
  readonly code?: number;
  readonly message?: string;
}

/** By gRPC code, of questions that took too long or were too many. */
const gatewayHints: Readonly<Record<number, string>> = {
  4: "Ask for less at once, or of a node whose --query-timeout is longer.",
  8: "Wait for the answers that are under way; a node's --client-queries says how many may wait.",
};

/** What a REST gateway answers instead of a result. */
export class GatewayError extends CliError {
  constructor({ code, message }: GatewayFailure, status: number, hint = gatewayHints[code ?? 0]) {
    const isAbsent = status === 404 || code === 5;
    const text = `The node says: ${message ?? status}`;
    super(isAbsent ? "cli/not_found" : "cli/refused", text, hint);
  }
}

/** What secretjs asks of contracts has no gas but what the node allows. */
const queryGasHint = "Ask for less at once, or of a node whose --query-gas is more.";

/** secretjs throws the gateway's JSON as it is, and fetch's own errors. */
export function clientError(error: unknown, url: string): unknown {
  if (error instanceof Error && error.message.includes("fetch failed")) {
    return unreachable(url, error);
  }
  const isGateway = typeof error === "object" && error !== null && !(error instanceof Error);
  if (!isGateway || !("message" in error)) return error;
  const failure = error as GatewayFailure;
  const isOutOfGas = failure.message?.startsWith("out of gas in location: wasm contract");
  return new GatewayError(failure, 0, isOutOfGas ? queryGasHint : undefined);
}

/** What the chain said of a transaction that it did not run to its end. */
interface TxRefusal {
  readonly hash: string;
  readonly codespace: string;
  readonly code: number;
  readonly log: string;
}

const txHints: Readonly<Record<string, string>> = {
  "sdk 11": "Out of gas: give more with --gas.",
  "sdk 13": "Offer more with --gas-price.",
  "sdk 32": "Another transaction of this account was faster: send it again.",
};

export function txError({ hash, codespace, code, log }: TxRefusal): CliError {
  const message = `Transaction ${hash} failed (${codespace} ${code}): ${log}`;
  return new CliError("cli/tx_failed", message, txHints[`${codespace} ${code}`]);
}

/** @throws {CliError} `cli/tx_failed` with the reason in clear. */
export function checkTx(tx: TxResponse): TxResponse {
  if (tx.code === 0) return tx;
  const { transactionHash: hash, codespace, code, rawLog: log } = tx;
  throw txError({ hash, codespace, code, log });
}

export interface TxFlags extends PassphraseSource {
  readonly from: string;
  readonly gas?: string;
  readonly gasPrice?: string;
  readonly memo?: string;
}

/** @param gasDefault of this kind of message. */
export function txOptions(flags: TxFlags, gasDefault: number): TxOptions {
  return {
    gasLimit: positive(flags.gas, "--gas") ?? gasDefault,
    gasPriceInFeeDenom: positive(flags.gasPrice, "--gas-price") ?? 0.1,
    memo: flags.memo ?? "",
    broadcastCheckIntervalMs: 200,
  };
}

export function positive(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) {
    throw new CliError("cli/usage", `${flag} is "${text}", which is not a positive number.`);
  }
  return value;
}

export async function chainIdOf(rest: string): Promise<string> {
  const base = rest.replace(/\/+$/, "");
  const info = await getJson(`${base}/cosmos/base/tendermint/v1beta1/node_info`);
  const node = info.default_node_info as { readonly network?: string } | undefined;
  return node?.network ?? "";
}

function unreachable(url: string, cause: unknown): CliError {
  return new CliError(
    "cli/unreachable",
    `No node answers at ${url}.`,
    "Start one with `tacit start`, or name another with --rest or --node.",
    { cause },
  );
}

function encryptionSeed(key: OpenKey): Uint8Array {
  const { privateKey } = deriveKey(key.mnemonic, key.accountIndex);
  return new Uint8Array(hkdfSync("sha256", privateKey, "", "tacit transaction encryption", 32));
}
