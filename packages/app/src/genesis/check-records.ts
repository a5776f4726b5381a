/** Records of the modules that live on staking: they name validators, and hold what they owe. */
import { moduleAddress } from "@tacit/crypto";
import { GenesisStateSchema as DistributionSchema } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/genesis";
import { GenesisStateSchema as SlashingSchema } from "@tacit/encoding/proto/cosmos/slashing/v1beta1/genesis";
import type { Balances } from "./check-bank.ts";
import type { CheckedStaking } from "./check-staking.ts";
import { type CheckEnvironment, readAddress, readPart } from "./environment.ts";

const oneCoin = 10n ** 18n;

export function checkDistribution(
  env: CheckEnvironment,
  balances: Balances,
  { validators }: CheckedStaking,
): void {
  const state = readPart(env, "distribution", DistributionSchema);
  if (state === undefined) return;
  const lists = [
    ["outstanding_rewards", state.outstandingRewards],
    ["validator_accumulated_commissions", state.validatorAccumulatedCommissions],
    ["validator_historical_rewards", state.validatorHistoricalRewards],
    ["validator_current_rewards", state.validatorCurrentRewards],
    ["delegator_starting_infos", state.delegatorStartingInfos],
    ["validator_slash_events", state.validatorSlashEvents],
  ] as const;
  for (const [name, records] of lists) {
    for (const [index, { validatorAddress }] of records.entries()) {
      if (validators.has(validatorAddress)) continue;
      env.problems.add(
        "genesis/reference",
        `app_state.distribution.${name}[${index}].validator_address`,
        `there is no validator ${validatorAddress}`,
        "Take the record out, or add the validator to staking.",
      );
    }
  }
  for (const [index, info] of state.delegatorWithdrawInfos.entries()) {
    const path = `app_state.distribution.delegator_withdraw_infos[${index}]`;
    const { delegatorAddress, withdrawAddress } = info;
    readAddress(env, env.accounts, { text: delegatorAddress, path: `${path}.delegator_address` });
    readAddress(env, env.accounts, { text: withdrawAddress, path: `${path}.withdraw_address` });
  }
  const owed = new Map<string, bigint>();
  const owe = (coins: readonly { readonly denom: string; readonly amount: string }[]) => {
    for (const { denom, amount } of coins) {
      owed.set(denom, (owed.get(denom) ?? 0n) + BigInt(amount || "0"));
    }
  };
  for (const { outstandingRewards } of state.outstandingRewards) owe(outstandingRewards);
  owe(state.feePool?.communityPool ?? []);
  checkHoldings(env, balances, { module: "distribution", what: "rewards and pool", owed });
}

/** A module's account has what its records add up to, cut to whole coins. */
function checkHoldings(
  env: CheckEnvironment,
  balances: Balances,
  {
    module,
    what,
    owed,
  }: {
    readonly module: string;
    readonly what: string;
    /** Atoms of 10^-18 coins. */
    readonly owed: ReadonlyMap<string, bigint>;
  },
): void {
  const address = env.accounts.toText(moduleAddress(module));
  const has = new Map((balances.get(address) ?? []).map(({ denom, amount }) => [denom, amount]));
  for (const denom of [...new Set([...owed.keys(), ...has.keys()])].sort()) {
    const amount = has.get(denom) ?? 0n;
    const sum = (owed.get(denom) ?? 0n) / oneCoin;
    if (amount === sum) continue;
    env.problems.add(
      "genesis/sum",
      "app_state.bank.balances",
      `the account of ${module} (${address}) has ${amount}${denom}, its ${what} add up to ${sum}${denom}`,
      "Give the account exactly that balance and correct the supply.",
    );
  }
}

export function checkSlashing(env: CheckEnvironment): void {
  const state = readPart(env, "slashing", SlashingSchema);
  if (state === undefined) return;
  const root = "app_state.slashing";
  const infos = (index: number) => `${root}.signing_infos[${index}]`;
  for (const [index, { address }] of state.signingInfos.entries()) {
    readAddress(env, env.consensus, { text: address, path: `${infos(index)}.address` });
  }
  const { problems } = env;
  problems.unique(
    state.signingInfos,
    { path: infos, what: "signing info" },
    (info) => info.address,
  );
  const window = state.params?.signedBlocksWindow ?? 0n;
  const known = new Set(state.signingInfos.map(({ address }) => address));
  for (const [index, { address, missedBlocks }] of state.missedBlocks.entries()) {
    const path = `${root}.missed_blocks[${index}]`;
    if (!known.has(address)) {
      problems.add(
        "genesis/reference",
        `${path}.address`,
        `there is no signing info of ${address}`,
        "Take the record out, or add the signing info.",
      );
    }
    for (const [at, block] of missedBlocks.entries()) {
      if (block.index >= 0n && block.index < window) continue;
      problems.add(
        "genesis/limit",
        `${path}.missed_blocks[${at}].index`,
        `${block.index} is outside of the window of ${window} blocks`,
        "Indexes count from 0 to params.signed_blocks_window - 1.",
      );
    }
  }
}
