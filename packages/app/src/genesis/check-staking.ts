/** `app_state.staking`: validators, their delegations, and the pools that hold the stake. */
import { moduleAddress } from "@tacit/crypto";
import { type Coins, Dec } from "@tacit/encoding";
import {
  type GenesisState,
  GenesisStateSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/genesis";
import { BondStatus, type Validator } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { bondedPoolName, notBondedPoolName } from "@tacit/module-staking";
import type { Balances } from "./check-bank.ts";
import { type CheckEnvironment, readAddress, readPart } from "./environment.ts";

/** What other modules' checks need of it. */
export interface CheckedStaking {
  readonly validators: ReadonlySet<string>;
}

const root = "app_state.staking";

export function checkStaking(env: CheckEnvironment, balances: Balances): CheckedStaking {
  const state = readPart(env, "staking", GenesisStateSchema);
  if (state === undefined) return { validators: new Set() };
  const validators = new Map(state.validators.map((each) => [each.operatorAddress, each]));
  for (const [index, validator] of state.validators.entries()) {
    checkValidator(env, validator, `${root}.validators[${index}]`);
  }
  checkDuplicates(env, state);
  checkShares(env, state, validators);
  checkUnbondings(env, state);
  checkPowers(env, state, validators);
  checkPools(env, state, balances);
  return { validators: new Set(validators.keys()) };
}

function checkValidator(env: CheckEnvironment, validator: Validator, path: string): void {
  const { problems } = env;
  const text = validator.operatorAddress;
  readAddress(env, env.operators, { text, path: `${path}.operator_address` });
  problems.attempt("genesis/shape", `${path}.consensus_pubkey`, {
    read: () => env.composition.stake.staking.consensusPublicKey(validator),
    hint: "Keys of validators are /cosmos.crypto.ed25519.PubKey.",
  });
  const isBonded = validator.status === BondStatus.BONDED;
  if (validator.status === BondStatus.UNSPECIFIED) {
    const hint = "Write BOND_STATUS_BONDED, BOND_STATUS_UNBONDING or BOND_STATUS_UNBONDED.";
    problems.add("genesis/limit", `${path}.status`, "the status says nothing", hint);
  }
  if (isBonded && validator.jailed) {
    const hint = "A jailed validator is unbonding or unbonded.";
    problems.add("genesis/limit", `${path}.jailed`, "the validator is bonded and jailed", hint);
  }
  if (isBonded && sharesOf(validator).isZero) {
    problems.add(
      "genesis/limit",
      `${path}.delegator_shares`,
      "a bonded validator has no shares",
      "Give it a delegation, or take it out.",
    );
  }
  if (BigInt(validator.tokens || "0") < 0n) {
    problems.add("genesis/limit", `${path}.tokens`, "tokens are negative", "Write a positive sum.");
  }
}

function checkDuplicates({ problems, composition }: CheckEnvironment, state: GenesisState): void {
  const { staking } = composition.stake;
  const at = (list: string) => (index: number) => `${root}.${list}[${index}]`;
  const keyOf = (validator: Validator) => {
    try {
      return Buffer.from(staking.consensusPublicKey(validator)).toString("base64");
    } catch {
      return undefined;
    }
  };
  const validators = at("validators");
  problems.unique(
    state.validators,
    { path: validators, what: "validator" },
    (each) => each.operatorAddress,
  );
  problems.unique(state.validators, { path: validators, what: "consensus key" }, keyOf);
  problems.unique(
    state.delegations,
    { path: at("delegations"), what: "delegation" },
    ({ delegatorAddress, validatorAddress }) => `${delegatorAddress} to ${validatorAddress}`,
  );
  problems.unique(
    state.unbondingDelegations,
    { path: at("unbonding_delegations"), what: "unbonding of" },
    ({ delegatorAddress, validatorAddress }) => `${delegatorAddress} from ${validatorAddress}`,
  );
}

/** Every delegation is to a validator, and a validator's delegations are its shares. */
function checkShares(
  env: CheckEnvironment,
  state: GenesisState,
  validators: ReadonlyMap<string, Validator>,
): void {
  const sums = new Map<string, bigint>();
  for (const [index, delegation] of state.delegations.entries()) {
    const path = `${root}.delegations[${index}]`;
    const { validatorAddress, delegatorAddress } = delegation;
    readAddress(env, env.accounts, { text: delegatorAddress, path: `${path}.delegator_address` });
    if (!validators.has(validatorAddress)) {
      env.problems.add(
        "genesis/reference",
        `${path}.validator_address`,
        `there is no validator ${validatorAddress}`,
        "Add the validator, or take the delegation out and correct the pool's balance.",
      );
    }
    const shares = Dec.fromWire(delegation.shares || "0").atoms;
    if (shares <= 0n) {
      const hint = "Take out a delegation of nothing.";
      env.problems.add("genesis/limit", `${path}.shares`, "shares are not positive", hint);
    }
    sums.set(validatorAddress, (sums.get(validatorAddress) ?? 0n) + shares);
  }
  for (const [index, validator] of state.validators.entries()) {
    const said = sharesOf(validator);
    const sum = Dec.fromAtoms(sums.get(validator.operatorAddress) ?? 0n);
    if (said.atoms === sum.atoms) continue;
    env.problems.add(
      "genesis/sum",
      `${root}.validators[${index}].delegator_shares`,
      `shares are ${said.toString()}, the delegations add up to ${sum.toString()}`,
      "Write the sum of the delegations' shares.",
    );
  }
}

function checkUnbondings(env: CheckEnvironment, state: GenesisState): void {
  const most = state.params?.maxEntries ?? 0;
  const lists = [
    ["unbonding_delegations", state.unbondingDelegations],
    ["redelegations", state.redelegations],
  ] as const;
  for (const [name, records] of lists) {
    for (const [index, record] of records.entries()) {
      const path = `${root}.${name}[${index}]`;
      const text = record.delegatorAddress;
      readAddress(env, env.accounts, { text, path: `${path}.delegator_address` });
      if (record.entries.length >= 1 && record.entries.length <= most) continue;
      env.problems.add(
        "genesis/limit",
        `${path}.entries`,
        `${record.entries.length} entries, but params.max_entries is ${most}`,
        "A record has at least one entry and at most as many as the parameter allows.",
      );
    }
  }
}

/** Exports say what consensus last heard. */
function checkPowers(
  env: CheckEnvironment,
  state: GenesisState,
  validators: ReadonlyMap<string, Validator>,
): void {
  if (!state.exported) return;
  let sum = 0n;
  for (const [index, { address, power }] of state.lastValidatorPowers.entries()) {
    sum += power;
    if (validators.has(address)) continue;
    env.problems.add(
      "genesis/reference",
      `${root}.last_validator_powers[${index}].address`,
      `there is no validator ${address}`,
      "Take the entry out and correct last_total_power.",
    );
  }
  const said = BigInt(new TextDecoder().decode(state.lastTotalPower) || "0");
  if (said === sum) return;
  env.problems.add(
    "genesis/sum",
    `${root}.last_total_power`,
    `the total is ${said}, the powers add up to ${sum}`,
    "Write the sum of last_validator_powers.",
  );
}

function checkPools(env: CheckEnvironment, state: GenesisState, balances: Balances): void {
  const denom = state.params?.bondDenom ?? env.composition.network.bondDenom;
  let bonded = 0n;
  let notBonded = 0n;
  for (const validator of state.validators) {
    const tokens = BigInt(validator.tokens || "0");
    if (validator.status === BondStatus.BONDED) bonded += tokens;
    else notBonded += tokens;
  }
  for (const { entries } of state.unbondingDelegations) {
    for (const { balance } of entries) notBonded += BigInt(balance || "0");
  }
  checkPool(env, balances, { name: bondedPoolName, what: "bonded validators", denom, sum: bonded });
  checkPool(env, balances, {
    name: notBondedPoolName,
    what: "other validators and unbondings",
    denom,
    sum: notBonded,
  });
}

function checkPool(
  env: CheckEnvironment,
  balances: Balances,
  pool: {
    readonly name: string;
    readonly what: string;
    readonly denom: string;
    readonly sum: bigint;
  },
): void {
  const address = env.accounts.toText(moduleAddress(pool.name));
  const has: Coins = balances.get(address) ?? [];
  const amount = has.find(({ denom }) => denom === pool.denom)?.amount ?? 0n;
  const isAll = has.every(({ denom }) => denom === pool.denom);
  if (isAll && amount === pool.sum) return;
  const text = has.map((coin) => `${coin.amount}${coin.denom}`).join(",") || "nothing";
  env.problems.add(
    "genesis/sum",
    "app_state.bank.balances",
    `${pool.name} (${address}) has ${text}, the tokens of ${pool.what} are ${pool.sum}${pool.denom}`,
    "Give the pool exactly that balance and correct the supply.",
  );
}

function sharesOf({ delegatorShares }: Validator): Dec {
  return Dec.fromWire(delegatorShares || "0");
}
