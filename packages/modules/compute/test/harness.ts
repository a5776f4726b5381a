/** The module over real accounts, bank and staking in memory; the enclave is given by the test. */
import { moduleAddress } from "@tacit/crypto";
import type { EnclaveClient } from "@tacit/enclave-channel";
import { InvariantError } from "@tacit/encoding";
import { AccountKeeper } from "@tacit/module-auth";
import { BankKeeper, createBankModule } from "@tacit/module-bank";
import { GovKeeper, govStoreName } from "@tacit/module-gov";
import { bondedPoolName, createStakingModule, notBondedPoolName } from "@tacit/module-staking";
import {
  type Context,
  type ContextFields,
  createAddressCodec,
  createContext,
  createGasMeter,
  emptyBlockInfo,
  MessageRouter,
  QueryRouter,
  secretKvGas,
  type TxScope,
  TypeRegistry,
} from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import {
  BlockRecords,
  computeStoreName,
  createComputeModule,
  privateStoreName,
} from "../src/index.ts";

/** For what must not cross: a call of it fails the test. */
export const unreachableEnclave: EnclaveClient = {
  call: () => {
    throw new InvariantError("nothing may be asked of the enclave here");
  },
  notify: () => {},
  close: () => {},
};

export const addresses = createAddressCodec("secret");
export const authority = addresses.toText(moduleAddress("gov"));

export function setUp(enclave: EnclaveClient = unreachableEnclave) {
  const stores = createMemoryMultiStore([
    "acc",
    "bank",
    "staking",
    govStoreName,
    computeStoreName,
    privateStoreName,
  ]).branch();
  const permissions = ["burner", "staking"];
  const accounts = new AccountKeeper({
    addresses,
    modulePermissions: new Map([
      [bondedPoolName, permissions],
      [notBondedPoolName, permissions],
    ]),
    authority: moduleAddress("gov"),
  });
  const blocked = [moduleAddress(bondedPoolName)];
  const bank = new BankKeeper({ accounts, blocked, authority: moduleAddress("gov") });
  const staking = createStakingModule({ addresses, bondDenom: "uscrt" }, { accounts, bank });
  const services = {
    messages: new MessageRouter(),
    queries: new QueryRouter(),
    types: new TypeRegistry(),
  };
  const blobs = new Map<string, Uint8Array>();
  const codes = {
    get: (hash: Uint8Array) => blobs.get(hash.join()),
    put: (hash: Uint8Array, code: Uint8Array) => void blobs.set(hash.join(), code),
  };
  const options = { addresses, authority, redactsErrors: true };
  const collaborators = {
    accounts,
    bank,
    staking: staking.contractQueries,
    proposals: new GovKeeper(),
    ...services,
    enclave,
    codes,
    records: new BlockRecords(createMemoryMultiStore([]).blobs),
    privateView: () => undefined,
  };
  const module = createComputeModule(options, collaborators);
  const bankModule = createBankModule(bank, services.types);
  for (const each of [bankModule, staking, module]) each.register?.(services);
  const context = (fields: Partial<ContextFields> = {}): Context =>
    createContext({
      stores,
      kvGas: secretKvGas,
      block: { ...emptyBlockInfo, height: 5n, chainId: "secretdev-1" },
      gasMeter: createGasMeter(1_000_000n),
      ...fields,
    });
  return { module, bankModule, context, codes, options, collaborators, ...services };
}

/** A transaction's scope with these signers. */
export function scopeOf(...signers: readonly Uint8Array[]): TxScope {
  return {
    tx: undefined as never,
    gasMeter: undefined,
    lastMessageMarked: false,
    callDepth: 0,
    notes: [],
    txIndex: 0,
    signers: signers.map((address) => ({
      address,
      accountNumber: 0n,
      sequence: 0n,
      publicKey: { typeUrl: "", value: new Uint8Array() },
    })),
  };
}
