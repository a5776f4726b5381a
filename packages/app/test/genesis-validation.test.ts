/** What is wrong with a genesis is said with its place; a good one passes. */
import { moduleAddress } from "@tacit/crypto";
import { createAddressCodec } from "@tacit/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AppState,
  addGenesisAccount,
  composeOffline,
  defaultAppState,
  GenesisError,
  localSecretAppState,
  secretdev1,
  validateGenesis,
} from "../src/index.ts";
import { consensusParams, type GenesisState } from "./local-chain.ts";

const time = { seconds: 1_700_000_000n, nanos: 0 };
const composition = composeOffline(secretdev1);
const addresses = createAddressCodec("secret");
const stranger = addresses.toText(moduleAddress("stranger"));
const operator = "secretvaloper14aj08vd2ntty7dvskdmdu4zhf23mcwgtdvh6qt";
const other = "secretvaloper1ap26qrlp8mcq2pg6r47w43l0y8zkqm8aynpdzc";

function goodState(): GenesisState {
  const state = localSecretAppState({
    network: secretdev1,
    time,
    consensusPublicKey: new Uint8Array(32).fill(5),
    moniker: "test",
    networkKeys: {
      ioPublicKey: new Uint8Array(32).fill(1),
      seedExchangePublicKey: new Uint8Array(32).fill(2),
    },
  });
  return JSON.parse(JSON.stringify(state));
}

function problemsOf(appState: unknown, takeOver = false) {
  const genesis = { appState, time, initialHeight: 1n, consensusParams };
  return validateGenesis(composition, genesis, { takeOver });
}

type Change = (state: GenesisState) => void;

const cases: readonly (readonly [what: string, code: string, path: string, change: Change])[] = [
  [
    "a supply that is not the balances",
    "genesis/sum",
    "app_state.bank.supply[0].amount",
    (state) => {
      state.bank.supply[0].amount = "1";
    },
  ],
  [
    "an account of another network",
    "genesis/address",
    "app_state.auth.accounts[1]",
    (state) => {
      state.auth.accounts[1].address = "cosmos1jv65s3grqf6v6jl3dp4t6c9t9rk99cd88lyufl";
    },
  ],
  [
    "an account twice",
    "genesis/duplicate",
    "app_state.auth.accounts[5]",
    (state) => {
      state.auth.accounts.push(state.auth.accounts[0]);
    },
  ],
  [
    "a key that is not the account's",
    "genesis/address",
    "app_state.auth.accounts[0].pub_key",
    (state) => {
      const key = "AurroA7jvfPd1AadmmOvWM2rJSwipXfRf8yD6pLbA2DJ";
      state.auth.accounts[0].pub_key = { "@type": "/cosmos.crypto.secp256k1.PubKey", key };
    },
  ],
  [
    "a module account with more permissions",
    "genesis/module_account",
    "app_state.auth.accounts[5].permissions",
    (state) => {
      state.auth.accounts.push(moduleAccount("mint", "mint", ["minter", "burner"]));
    },
  ],
  [
    "a module account elsewhere",
    "genesis/module_account",
    "app_state.auth.accounts[5].base_account.address",
    (state) => {
      state.auth.accounts.push(moduleAccount("mint", "stranger", ["minter"]));
    },
  ],
  [
    "a module account of no module",
    "genesis/module_account",
    "app_state.auth.accounts[5].name",
    (state) => {
      state.auth.accounts.push(moduleAccount("stranger", "stranger", []));
    },
  ],
  [
    "a balance twice",
    "genesis/duplicate",
    "app_state.bank.balances[6]",
    (state) => {
      state.bank.balances.push({ ...state.bank.balances[1], coins: [] });
    },
  ],
  [
    "coins out of order",
    "genesis/limit",
    "app_state.bank.balances[1].coins",
    (state) => {
      state.bank.balances[1].coins.push({ denom: "aaa", amount: "1" });
    },
  ],
  [
    "a negative coin",
    "genesis/limit",
    "app_state.bank.balances[1].coins",
    (state) => {
      state.bank.balances[1].coins[0].amount = "-5";
    },
  ],
  [
    "a pool without its stake",
    "genesis/sum",
    "app_state.bank.balances",
    (state) => {
      const pool = state.bank.balances[5];
      state.bank.balances[0].coins[0].amount = `${BigInt(state.bank.balances[0].coins[0].amount) + 1n}`;
      pool.coins[0].amount = `${BigInt(pool.coins[0].amount) - 1n}`;
    },
  ],
  [
    "a delegation to nobody",
    "genesis/reference",
    "app_state.staking.delegations[1].validator_address",
    (state) => {
      state.staking.delegations.push({ ...state.staking.delegations[0], validator_address: other });
    },
  ],
  [
    "shares that are not the delegations",
    "genesis/sum",
    "app_state.staking.validators[0].delegator_shares",
    (state) => {
      state.staking.delegations[0].shares = "5.000000000000000000";
    },
  ],
  [
    "a validator twice",
    "genesis/duplicate",
    "app_state.staking.validators[1]",
    (state) => {
      state.staking.validators.push({ ...state.staking.validators[0], tokens: "0" });
    },
  ],
  [
    "two validators with one key",
    "genesis/duplicate",
    "app_state.staking.validators[1]",
    (state) => {
      const twin = { ...state.staking.validators[0], operator_address: other };
      state.staking.validators.push({
        ...twin,
        tokens: "0",
        delegator_shares: "0",
        status: "BOND_STATUS_UNBONDED",
      });
    },
  ],
  [
    "a jailed validator that is bonded",
    "genesis/limit",
    "app_state.staking.validators[0].jailed",
    (state) => {
      state.staking.validators[0].jailed = true;
    },
  ],
  [
    "too many unbondings",
    "genesis/limit",
    "app_state.staking.unbonding_delegations[0].entries",
    (state) => {
      state.staking.unbonding_delegations = [
        { delegator_address: stranger, validator_address: operator, entries: [] },
      ];
    },
  ],
  [
    "powers of nobody",
    "genesis/reference",
    "app_state.staking.last_validator_powers[0].address",
    (state) => {
      state.staking.exported = true;
      state.staking.last_total_power = "7";
      state.staking.last_validator_powers = [{ address: other, power: "7" }];
    },
  ],
  [
    "a total that is not the powers",
    "genesis/sum",
    "app_state.staking.last_total_power",
    (state) => {
      state.staking.exported = true;
      state.staking.last_total_power = "7";
    },
  ],
  [
    "rewards of nobody",
    "genesis/reference",
    "app_state.distribution.validator_current_rewards[0].validator_address",
    (state) => {
      state.distribution.validator_current_rewards = [
        { validator_address: other, rewards: { rewards: [], period: "1" } },
      ];
    },
  ],
  [
    "rewards that nobody holds",
    "genesis/sum",
    "app_state.bank.balances",
    (state) => {
      state.distribution.fee_pool.community_pool = [
        { denom: "uscrt", amount: "5.500000000000000000" },
      ];
    },
  ],
  [
    "missed blocks of nobody",
    "genesis/reference",
    "app_state.slashing.missed_blocks[0].address",
    (state) => {
      state.slashing.missed_blocks = [{ address: "nobody", missed_blocks: [] }];
    },
  ],
  [
    "missed blocks beyond the window",
    "genesis/limit",
    "app_state.slashing.missed_blocks[0].missed_blocks[0].index",
    (state) => {
      const { address } = state.slashing.signing_infos[0];
      const missed_blocks = [{ index: "100", missed: true }];
      state.slashing.missed_blocks = [{ address, missed_blocks }];
    },
  ],
  [
    "deposits that nobody holds",
    "genesis/reference",
    "app_state.gov.deposits[0].proposal_id",
    (state) => {
      const amount = [{ denom: "uscrt", amount: "5" }];
      state.gov.deposits = [{ proposal_id: "9", depositor: stranger, amount }];
    },
  ],
  [
    "a grant to oneself",
    "genesis/address",
    "app_state.feegrant.allowances[0]",
    (state) => {
      const allowance = {
        "@type": "/cosmos.feegrant.v1beta1.BasicAllowance",
        spend_limit: [],
        expiration: null,
      };
      state.feegrant = { allowances: [{ granter: stranger, grantee: stranger, allowance }] };
    },
  ],
  [
    "a module that is not there",
    "genesis/unknown_module",
    "app_state.lottery",
    (state) => {
      state.lottery = {};
    },
  ],
  [
    "a field of another shape",
    "genesis/shape",
    "app_state.bank.balances[2].coins",
    (state) => {
      state.bank.balances[2].coins = "many";
    },
  ],
];

function moduleAccount(name: string, at: string, permissions: readonly string[]) {
  const address = addresses.toText(moduleAddress(at));
  const base_account = { address, pub_key: null, account_number: "9", sequence: "0" };
  return { "@type": "/cosmos.auth.v1beta1.ModuleAccount", base_account, name, permissions };
}

describe("a genesis", () => {
  it("that is right passes, its modules' own checks too", () => {
    expect(problemsOf(goodState())).toEqual([]);
    expect(problemsOf(goodState(), true)).toEqual([]);
  });

  it.each(cases)("is refused for %s", (_, code, path, change) => {
    const state = goodState();
    change(state);
    const problems = problemsOf(state);
    expect(problems).toContainEqual(expect.objectContaining({ code, path }));
    for (const { text, hint } of problems) {
      expect(text).not.toBe("");
      expect(hint).toMatch(/\.$/);
    }
  });

  it("is refused by its modules where only they know", () => {
    const state = goodState();
    state.cron.params.limit = "0";
    expect(problemsOf(state, true)).toMatchObject([
      { code: "genesis/refused", path: "app_state.cron" },
    ]);
  });

  it("without a validator is refused", () => {
    const state = defaultAppState(composition, {
      ioPublicKey: new Uint8Array(32).fill(1),
      seedExchangePublicKey: new Uint8Array(32).fill(2),
    });
    expect(problemsOf(state)).toEqual([]);
    expect(problemsOf(state, true)).toMatchObject([
      { code: "genesis/limit", path: "app_state.staking.validators" },
    ]);
  });

  it("names every problem, and not more than a hundred", () => {
    const state = goodState();
    state.auth.accounts = Array.from({ length: 300 }, () => ({
      ...state.auth.accounts[0],
      address: "x",
    }));
    expect(problemsOf(state)).toHaveLength(100);
  });

  it("of any shape is judged, never thrown over", () => {
    const paths = pathsOf(goodState());
    const junk = fc.oneof(fc.jsonValue(), fc.constantFrom("abc", "-1", "1e9", "NaN", null, {}, []));
    fc.assert(
      fc.property(fc.constantFrom(...paths), junk, (path, value) => {
        const state = goodState();
        setAt(state, path, value);
        expect(Array.isArray(problemsOf(state))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

/** Paths to every value of a document. */
function pathsOf(
  value: unknown,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  const inner = entries.flatMap(([key, item]) => pathsOf(item, [...path, key]));
  return path.length === 0 ? inner : [path, ...inner];
}

function setAt(state: GenesisState, path: readonly (string | number)[], value: unknown): void {
  let at: GenesisState = state;
  for (const key of path.slice(0, -1)) at = at[key];
  at[path.at(-1)!] = value;
}

describe("accounts of a genesis", () => {
  const state = (): AppState => defaultAppState(composition, undefined);
  const coins = [{ denom: "uscrt", amount: 7n }];

  it("come with balance and supply, and get more", () => {
    const one = addGenesisAccount(composition, state(), { address: stranger, coins });
    const two = addGenesisAccount(composition, one, { address: stranger, coins, append: true });
    expect(two).toMatchObject({
      auth: { accounts: [{ address: stranger, account_number: "0" }] },
      bank: {
        balances: [{ address: stranger, coins: [{ denom: "uscrt", amount: "14" }] }],
        supply: [{ denom: "uscrt", amount: "14" }],
      },
    });
    expect(problemsOf(two)).toEqual([]);
  });

  it("that vest pass too", () => {
    const end = { seconds: 1_900_000_000n, nanos: 0 };
    const vesting = { amount: coins, start: time, end };
    const made = addGenesisAccount(composition, state(), { address: stranger, coins, vesting });
    expect(problemsOf(made)).toEqual([]);
    expect(() =>
      addGenesisAccount(composition, state(), { address: stranger, coins: [], vesting }),
    ).toThrow(GenesisError);
  });

  it("stand there once, and only those there get more", () => {
    const one = addGenesisAccount(composition, state(), { address: stranger, coins });
    expect(() => addGenesisAccount(composition, one, { address: stranger, coins })).toThrow(
      expect.objectContaining({ code: "genesis/duplicate" }),
    );
    expect(() =>
      addGenesisAccount(composition, state(), { address: stranger, coins, append: true }),
    ).toThrow(expect.objectContaining({ code: "genesis/reference" }));
  });
});
