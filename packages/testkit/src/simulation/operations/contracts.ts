/** Contracts: counters that people count with. */
import { decodeMessage, toHex } from "@tacit/encoding";
import {
  MsgClearAdminSchema,
  MsgContractGovernanceProposalSchema,
  MsgExecuteContractSchema,
  MsgInstantiateContractSchema,
  MsgMigrateContractSchema,
  MsgSetContractGovernanceSchema,
  MsgStoreCodeSchema,
  MsgUpdateAdminSchema,
  MsgUpdateMachineWhitelistProposalSchema,
  MsgUpdateMachineWhitelistSchema,
  MsgUpdateParamsSchema,
  MsgUpgradeProposalPassedSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import {
  ContractInfoSchema,
  ParamsSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/types";
import { RaAuthenticateSchema } from "@tacit/encoding/proto/secret/registration/v1beta1/msg";
import { governed, type Operation, operation, type World } from "../world.ts";

const codeCount = (world: World) => [...world.state.entries("compute", 0x01)].length;

/** Few codes, many counters. */
const storeCode = operation(MsgStoreCodeSchema, 1, (world) => {
  const by = world.anyone();
  if (codeCount(world) >= 2) return undefined;
  return { by, message: { sender: by.address, wasmByteCode: world.contracts.wasm } };
});

const instantiate = operation(MsgInstantiateContractSchema, 2, (world) => {
  const by = world.anyone();
  const codes = codeCount(world);
  if (codes === 0) return undefined;
  return {
    by,
    message: {
      sender: by.address,
      codeId: BigInt(world.random.between(1, codes)),
      label: `counter ${world.random.below(100_000)}`,
      initMsg: world.contracts.encrypt({ count: world.random.below(1_000) }),
      initFunds: world.random.chance(1, 3) ? world.wireCoins(by) : [],
      admin: world.random.chance(1, 2) ? world.text(by) : "",
    },
  };
});

function contracts(world: World) {
  return world.state.decoded(ContractInfoSchema, "compute", 0x02).map(({ key, value }) => ({
    address: key,
    text: world.addresses.toText(key),
    info: value,
  }));
}

const execute = operation(MsgExecuteContractSchema, 8, (world) => {
  const by = world.anyone();
  const contract = world.random.pickIfAny(contracts(world));
  if (contract === undefined) return undefined;
  const message = world.random.chance(4, 5)
    ? { increment: {} }
    : { reset: { count: world.random.below(100) } };
  return {
    by,
    message: {
      sender: by.address,
      contract: contract.address,
      msg: world.contracts.encrypt(message),
      sentFunds: world.random.chance(1, 4) ? world.wireCoins(by) : [],
    },
  };
});

/** A contract with its admin, if somebody here is one. */
function administered(world: World) {
  const contract = world.random.pickIfAny(contracts(world).filter(({ info }) => info.admin !== ""));
  const by = contract && world.person(contract.info.admin);
  return by && { by, contract: contract!.text };
}

const migrate = operation(
  MsgMigrateContractSchema,
  1,
  (world) => {
    const found = administered(world);
    if (found === undefined) return undefined;
    return {
      by: found.by,
      message: {
        sender: world.text(found.by),
        contract: found.contract,
        codeId: BigInt(world.random.between(1, 2)),
        msg: world.contracts.encrypt({}),
      },
    };
  },
  { refused: "counters have no entry point for it" },
);

const updateAdmin = operation(MsgUpdateAdminSchema, 1, (world) => {
  const found = administered(world);
  if (found === undefined) return undefined;
  const { by, contract } = found;
  const newAdmin = world.text(world.anyone());
  return { by, message: { sender: world.text(by), contract, newAdmin } };
});

const clearAdmin = operation(MsgClearAdminSchema, 1, (world) => {
  const found = world.random.chance(1, 3) ? administered(world) : undefined;
  if (found === undefined) return undefined;
  return { by: found.by, message: { sender: world.text(found.by), contract: found.contract } };
});

const setGovernance = operation(MsgSetContractGovernanceSchema, 1, (world) => {
  const found = world.random.chance(1, 3) ? administered(world) : undefined;
  if (found === undefined) return undefined;
  const message = { sender: world.text(found.by), contractAddress: found.contract };
  return { by: found.by, message };
});

const updateParams = governed(MsgUpdateParamsSchema, 1, (world) => {
  const bytes = world.state.get("compute", 0x0b);
  if (bytes === undefined) return undefined;
  return { authority: world.authority, params: decodeMessage(ParamsSchema, bytes) };
});

const governContracts = governed(MsgContractGovernanceProposalSchema, 1, (world) => {
  const contract = world.random.pickIfAny(contracts(world));
  if (contract === undefined) return undefined;
  return {
    authority: world.authority,
    title: "migrate",
    description: "a contract",
    contracts: [{ address: contract.text, newCodeId: 1n }],
    adminUpdates: [],
  };
});

const upgradePassed = operation(
  MsgUpgradeProposalPassedSchema,
  1,
  (world) => {
    const by = world.anyone();
    return {
      by,
      message: { senderAddress: world.text(by), mrEnclaveHash: world.random.bytes(32) },
    };
  },
  { refused: "no proposal passes that names an enclave" },
);

const decideMachines = governed(MsgUpdateMachineWhitelistProposalSchema, 1, (world) => ({
  authority: world.authority,
  title: "machines",
  description: "one",
  machineId: toHex(world.random.bytes(20)),
}));

const reportMachines = operation(
  MsgUpdateMachineWhitelistSchema,
  1,
  (world) => {
    const by = world.anyone();
    const machineId = toHex(world.random.bytes(20));
    return { by, message: { sender: world.text(by), proposalId: 1n, machineId } };
  },
  { refused: "no proposal names random machines" },
);

const authenticate = operation(
  RaAuthenticateSchema,
  1,
  (world) => {
    const by = world.anyone();
    return { by, message: { sender: by.address, certificate: world.random.bytes(64) } };
  },
  { refused: "random bytes attest nothing" },
);

export const contractOperations: readonly Operation[] = [
  storeCode,
  instantiate,
  execute,
  migrate,
  updateAdmin,
  clearAdmin,
  setGovernance,
  updateParams,
  governContracts,
  upgradePassed,
  decideMachines,
  reportMachines,
  authenticate,
];
