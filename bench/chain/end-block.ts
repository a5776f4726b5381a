/**
 * What happens at every block's beginning and end with many validators and delegations: minting,
 * allocation of rewards, counted signatures, the order of validators; and a slash.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { moduleAddress, sha256, truncatedHashAddress } from "@tacit/crypto";
import { toBase64, toBech32 } from "@tacit/encoding";
import type { VoteInfo } from "@tacit/sdk";
import { createLocal, type GenesisState, type LocalBenchChain } from "../support/local-chain.ts";
import { spread } from "../support/statistics.ts";
import type { BenchAccount } from "../support/wallet.ts";

export interface StakeSizes {
  readonly validators: number;
  readonly delegations: number;
  readonly blocks: number;
}

/** Voting power of each delegation's stake. */
const POWER = 10n;
const STAKE = POWER * 1_000_000n;

export async function benchEndBlock(sizes: StakeSizes, log: (line: string) => void): Promise<void> {
  const { validators, delegations, blocks } = sizes;
  const directory = mkdtempSync(join(tmpdir(), "tacit-bench-stake-"));
  const perDelegator = Math.min(10, validators);
  const accountCount = Math.max(validators, Math.ceil(delegations / perDelegator));
  const keys = Array.from({ length: validators }, (_, index) => consensusKey(index));
  const begun = performance.now();
  const local = createLocal({
    directory,
    accountCount,
    change: (state, accounts) => stake(state, accounts, { keys, delegations, perDelegator }),
  });
  try {
    local.block([]);
    const startMs = performance.now() - begun;
    const votes = keys.map((key) => voteOf(key, delegations, validators));
    const times = Array.from({ length: blocks }, () => emptyBlock(local, votes));
    const counted = `${validators} validators and ${delegations} delegations`;
    log(`empty block with ${counted}: ${spread(times, 1)} ms (genesis ${startMs.toFixed(0)} ms)`);
    const slashed = local.block([], {
      decidedLastCommit: { round: 0, votes },
      misbehavior: [doubleSign(votes[0]!, local)],
    });
    log(`block with a double signature: ${slashed.finalizeMs.toFixed(1)} ms`);
  } finally {
    await local.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function emptyBlock(local: LocalBenchChain, votes: readonly VoteInfo[]): number {
  const timing = local.block([], { decidedLastCommit: { round: 0, votes } });
  return timing.finalizeMs + timing.commitMs;
}

const consensusKey = (index: number) =>
  sha256(new TextEncoder().encode(`bench validator ${index}`));

function voteOf(key: Uint8Array, delegations: number, validators: number): VoteInfo {
  const power = POWER * BigInt(Math.floor(delegations / validators));
  return { address: truncatedHashAddress(key), power, blockIdFlag: 2 };
}

function doubleSign({ address, power }: VoteInfo, local: LocalBenchChain) {
  return {
    type: "duplicate_vote",
    validator: { address, power },
    height: local.app.info().lastBlockHeight,
    time: { seconds: 1_800_000_000n, nanos: 0 },
    totalVotingPower: power,
  } as const;
}

interface StakePlan {
  readonly keys: readonly Uint8Array[];
  readonly delegations: number;
  readonly perDelegator: number;
}

/** Replaces LocalSecret's validator; stakes lie with what is not bonded until the chain starts. */
function stake(state: GenesisState, accounts: readonly BenchAccount[], plan: StakePlan): void {
  const { keys, delegations, perDelegator } = plan;
  const operators = keys.map((_, index) => toBech32("secretvaloper", accounts[index]!.address));
  const list = Array.from({ length: delegations }, (_, index) => ({
    delegator: accounts[Math.floor(index / perDelegator)]!,
    validator: index % keys.length,
  }));
  const bondedPool = toBech32("secret", moduleAddress("bonded_tokens_pool"));
  const pool = toBech32("secret", moduleAddress("not_bonded_tokens_pool"));
  const staked = STAKE * BigInt(delegations);
  const was = state.bank.balances.find(({ address }) => address === bondedPool)!;
  const [supply] = state.bank.supply;
  supply!.amount = `${BigInt(supply!.amount) - BigInt(was.coins[0]!.amount) + staked}`;
  state.bank.balances = state.bank.balances.filter((balance) => balance !== was);
  state.bank.balances.push({ address: pool, coins: [{ denom: "uscrt", amount: `${staked}` }] });
  state.slashing.signing_infos = [];
  state.staking.params.max_validators = keys.length;
  state.staking.validators = keys.map((key, index) => {
    const count = list.filter(({ validator }) => validator === index).length;
    return validatorJson(operators[index]!, key, STAKE * BigInt(count));
  });
  state.staking.delegations = list.map(({ delegator, validator }) => ({
    delegator_address: delegator.bech32,
    validator_address: operators[validator],
    shares: `${STAKE}.000000000000000000`,
  }));
}

function validatorJson(operator: string, key: Uint8Array, tokens: bigint): object {
  return {
    operator_address: operator,
    consensus_pubkey: { "@type": "/cosmos.crypto.ed25519.PubKey", key: toBase64(key) },
    jailed: false,
    status: "BOND_STATUS_UNBONDED",
    tokens: `${tokens}`,
    delegator_shares: `${tokens}.000000000000000000`,
    description: { moniker: "bench", identity: "", website: "", security_contact: "", details: "" },
    unbonding_height: "0",
    unbonding_time: "1970-01-01T00:00:00Z",
    commission: {
      commission_rates: { rate: "0.1", max_rate: "0.2", max_change_rate: "0.01" },
      update_time: "2026-01-01T00:00:00Z",
    },
    min_self_delegation: "1",
    unbonding_on_hold_ref_count: "0",
    unbonding_ids: [],
  };
}
