/** A chain on disk with its enclave in the same thread: what happens in it can be profiled. */
import { Chain, localSecretAppState, secretdev1, storeNames } from "@tacit/app";
import { DEFAULT_CONSENSUS_PARAMS } from "@tacit/consensus";
import { Secret, sha256 } from "@tacit/crypto";
import { createEnclave } from "@tacit/enclave";
import { connectInProcess } from "@tacit/enclave-channel";
import type { FinalizeBlockRequest, FinalizeBlockResponse } from "@tacit/sdk";
import { openMultiStore } from "@tacit/store";
import type { TransferChain } from "./chain.ts";
import { BenchAccount } from "./wallet.ts";

/** Accounts of LocalSecret come first in genesis. */
const FIRST_ACCOUNT_NUMBER = 5n;
const FUNDS = 10n ** 15n;
const genesisTime = { seconds: 1_800_000_000n, nanos: 0 };

export interface LocalTiming {
  readonly finalizeMs: number;
  readonly commitMs: number;
  readonly result: FinalizeBlockResponse;
}

export interface LocalBenchChain {
  readonly app: Chain;
  readonly chain: TransferChain;
  readonly accounts: readonly BenchAccount[];
  /** Runs and commits a block. @throws if a transaction fails. */
  block(txs: readonly Uint8Array[], more?: Partial<FinalizeBlockRequest>): LocalTiming;
  close(): Promise<void>;
}

export interface LocalOptions {
  readonly directory: string;
  readonly accountCount: number;
  /** Changes `app_state` before the chain starts from it. */
  readonly change?: (state: GenesisState, accounts: readonly BenchAccount[]) => void;
}

/** Parts of `app_state` that benchmarks change. */
export interface GenesisState {
  readonly auth: { readonly accounts: object[] };
  readonly bank: { balances: Balance[]; supply: Coin[] };
  staking: {
    readonly params: Record<string, unknown>;
    validators: object[];
    delegations: object[];
  };
  slashing: { signing_infos: object[] };
}

interface Coin {
  readonly denom: string;
  amount: string;
}

interface Balance {
  readonly address: string;
  readonly coins: Coin[];
}

/** As in use: what only development networks do, such as reports of gas, is not measured. */
const network = Object.freeze({ ...secretdev1, contractDebug: false });

export function createLocal(options: LocalOptions): LocalBenchChain {
  const { directory, accountCount, change } = options;
  const accounts = Array.from(
    { length: accountCount },
    (_, index) => new BenchAccount(index, FIRST_ACCOUNT_NUMBER + BigInt(index)),
  );
  const store = openMultiStore({ directory, storeNames });
  const sealingKey = new Secret(new Uint8Array(32).fill(7), "benchmark");
  const enclave = connectInProcess(createEnclave({ sealingKey }).createEngine());
  const app = new Chain({ network, store, enclave });
  const state = localSecretAppState({
    network,
    time: genesisTime,
    consensusPublicKey: new Uint8Array(32).fill(5),
    moniker: "benchmark",
    networkKeys: app.enclaveInfo,
  }) as unknown as GenesisState;
  fund(state, accounts);
  change?.(state, accounts);
  app.initChain({
    time: genesisTime,
    chainId: secretdev1.chainId,
    consensusParams: DEFAULT_CONSENSUS_PARAMS,
    validators: [],
    appStateBytes: new TextEncoder().encode(JSON.stringify(state)),
    initialHeight: 1n,
  });
  const block = blockMaker(app);
  const { ioPublicKey } = app.enclaveInfo;
  const chain = {
    chainId: secretdev1.chainId,
    ioPublicKey,
    accounts,
    block: async (txs: readonly Uint8Array[]) => block(txs),
  };
  return { app, chain, accounts, block, close: () => store.close() };
}

function blockMaker(app: Chain): LocalBenchChain["block"] {
  let height = 0n;
  return (txs, more = {}) => {
    height += 1n;
    const begun = performance.now();
    const result = app.finalizeBlock({
      txs,
      decidedLastCommit: { round: 0, votes: [] },
      misbehavior: [],
      hash: sha256(new TextEncoder().encode(`block ${height}`)),
      height,
      time: { seconds: genesisTime.seconds + height, nanos: 0 },
      nextValidatorsHash: new Uint8Array(32),
      proposerAddress: new Uint8Array(20),
      ...more,
    });
    const ran = performance.now();
    app.commit();
    const commitMs = performance.now() - ran;
    for (const { code, log } of result.txResults) if (code !== 0) throw new RangeError(log);
    return { finalizeMs: ran - begun, commitMs, result };
  };
}

function fund({ auth, bank }: GenesisState, accounts: readonly BenchAccount[]): void {
  for (const { bech32 } of accounts) {
    auth.accounts.push({
      "@type": "/cosmos.auth.v1beta1.BaseAccount",
      address: bech32,
      pub_key: null,
      account_number: `${auth.accounts.length}`,
      sequence: "0",
    });
    bank.balances.push({ address: bech32, coins: [{ denom: "uscrt", amount: `${FUNDS}` }] });
  }
  const [supply] = bank.supply;
  if (supply !== undefined)
    supply.amount = `${BigInt(supply.amount) + FUNDS * BigInt(accounts.length)}`;
}
