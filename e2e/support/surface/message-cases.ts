/** Every message of secretjs, in an order in which they can be sent. */
import {
  MsgClearAdmin,
  MsgCreatePeriodicVestingAccount,
  MsgCreatePermanentLockedAccount,
  MsgCreateVestingAccount,
  MsgExec,
  MsgExecuteContract,
  MsgGrant,
  MsgGrantAllowance,
  MsgGrantAuthorization,
  MsgInstantiateContract,
  MsgMigrateContract,
  MsgMultiSend,
  MsgPruneAllowances,
  MsgRevoke,
  MsgRevokeAllowance,
  MsgSend,
  MsgSetContractGovernance,
  MsgStoreCode,
  MsgToggleIbcSwitch,
  MsgUpdateAdmin,
} from "secretjs";
import { client, refused } from "./kinds.ts";
import { stakeCases } from "./message-cases-stake.ts";
import {
  a,
  authz,
  b,
  bank,
  both,
  compute,
  distribution,
  expiration,
  feegrant,
  gov,
  type MessageCase,
  misnamed,
  noAmino,
  number,
  sent,
  stranger,
  uscrt,
  vesting,
} from "./message-kinds.ts";

export type { MessageCase, MessageWorld, Mode, Signer } from "./message-kinds.ts";

const grantTypes = {
  direct: MsgGrantAuthorization.MsgSend,
  amino: MsgGrantAuthorization.MsgDelegate,
};

/** Sent by accounts, one after the other. */
export const messageCases: readonly MessageCase[] = [
  ...stakeCases,
  sent(
    "MsgSend",
    bank,
    both,
    a,
    ({ addresses }) =>
      new MsgSend({ from_address: addresses.a, to_address: addresses.b, amount: [uscrt("1")] }),
  ),
  sent(
    "MsgMultiSend",
    bank,
    both,
    a,
    ({ addresses }) =>
      new MsgMultiSend({
        inputs: [{ address: addresses.a, coins: [uscrt("2")] }],
        outputs: [
          { address: addresses.b, coins: [uscrt("1")] },
          { address: addresses.c, coins: [uscrt("1")] },
        ],
      }),
  ),
  sent(
    "MsgGrant",
    authz,
    both,
    a,
    ({ addresses }, mode) =>
      new MsgGrant({
        granter: addresses.a,
        grantee: addresses.b,
        authorization: { msg: grantTypes[mode] },
        expiration,
      }),
  ),
  sent(
    "MsgExec",
    authz,
    both,
    b,
    ({ addresses }) =>
      new MsgExec({
        grantee: addresses.b,
        msgs: [
          new MsgSend({ from_address: addresses.a, to_address: addresses.c, amount: [uscrt("1")] }),
        ],
      }),
  ),
  sent(
    "MsgRevoke",
    authz,
    both,
    a,
    ({ addresses }, mode) =>
      new MsgRevoke({ granter: addresses.a, grantee: addresses.b, msg: grantTypes[mode] }),
  ),
  sent(
    "MsgGrantAllowance",
    feegrant,
    both,
    a,
    ({ addresses }, mode) =>
      new MsgGrantAllowance({
        granter: addresses.a,
        grantee: stranger(number(mode)),
        allowance: { spend_limit: [uscrt("5")] },
      }),
  ),
  sent(
    "MsgRevokeAllowance",
    feegrant,
    both,
    a,
    ({ addresses }, mode) =>
      new MsgRevokeAllowance({ granter: addresses.a, grantee: stranger(number(mode)) }),
  ),
  sent(
    "MsgPruneAllowances",
    feegrant,
    misnamed,
    a,
    ({ addresses }) => new MsgPruneAllowances({ pruner: addresses.a }),
  ),
  sent(
    "MsgCreateVestingAccount",
    vesting,
    noAmino,
    a,
    ({ addresses }) =>
      new MsgCreateVestingAccount({
        from_address: addresses.a,
        to_address: stranger(10),
        amount: [uscrt("5")],
        end_time: `${expiration}`,
        delayed: false,
      }),
  ),
  sent(
    "MsgCreatePermanentLockedAccount",
    vesting,
    noAmino,
    a,
    ({ addresses }) =>
      new MsgCreatePermanentLockedAccount({
        from_address: addresses.a,
        to_address: stranger(11),
        amount: [uscrt("5")],
        end_time: "0",
        delayed: false,
      }),
  ),
  sent(
    "MsgCreatePeriodicVestingAccount",
    vesting,
    noAmino,
    a,
    ({ addresses }) =>
      new MsgCreatePeriodicVestingAccount({
        from_address: addresses.a,
        to_address: stranger(12),
        start_time: "1700000000",
        vesting_periods: [{ length: "60", amount: [uscrt("5")] }],
      }),
  ),
  sent(
    "MsgStoreCode",
    compute,
    both,
    a,
    ({ addresses, wasm }) =>
      new MsgStoreCode({ sender: addresses.a, wasm_byte_code: wasm, source: "", builder: "" }),
  ),
  sent(
    "MsgInstantiateContract",
    compute,
    both,
    a,
    ({ addresses, codeId, codeHash }, mode) =>
      new MsgInstantiateContract({
        sender: addresses.a,
        code_id: codeId,
        code_hash: codeHash,
        label: `a contract made in ${mode}`,
        init_msg: {},
        admin: addresses.a,
      }),
  ),
  sent(
    "MsgExecuteContract",
    compute,
    both,
    a,
    ({ addresses, contracts, codeHash }, mode) =>
      new MsgExecuteContract({
        sender: addresses.a,
        contract_address: contracts[mode],
        code_hash: codeHash,
        msg: { run: { steps: [] } },
      }),
  ),
  sent(
    "MsgMigrateContract",
    compute,
    both,
    a,
    ({ addresses, contracts, codeHash, codeId }, mode) =>
      new MsgMigrateContract({
        sender: addresses.a,
        contract_address: contracts[mode],
        code_id: codeId,
        code_hash: codeHash,
        msg: { fail: false },
      }),
  ),
  sent(
    "MsgUpdateAdmin",
    compute,
    both,
    a,
    ({ addresses, contracts }, mode) =>
      new MsgUpdateAdmin({
        sender: addresses.a,
        contract_address: contracts[mode],
        new_admin: addresses.b,
      }),
  ),
  sent(
    "MsgSetContractGovernance",
    compute,
    both,
    a,
    ({ addresses, governed }, mode) =>
      new MsgSetContractGovernance({ sender: addresses.a, contract_address: governed[mode] }),
  ),
  sent(
    "MsgClearAdmin",
    compute,
    both,
    b,
    ({ addresses, contracts }, mode) =>
      new MsgClearAdmin({ sender: addresses.b, contract_address: contracts[mode] }),
  ),
  sent(
    "MsgToggleIbcSwitch",
    "secret.emergencybutton.v1beta1",
    misnamed,
    a,
    ({ addresses }) => new MsgToggleIbcSwitch({ sender: addresses.a }),
  ),
];

/** Part of a proposal that is passed: only governance may sign them. */
export const proposalCases = [
  { name: "MsgSetSendEnabled", typeUrl: `/${bank}.MsgSetSendEnabled` },
  { name: "MsgCommunityPoolSpend", typeUrl: `/${distribution}.MsgCommunityPoolSpend` },
  { name: "MsgUpdateParams", typeUrl: "/secret.emergencybutton.v1beta1.MsgUpdateParams" },
  { name: "MsgSoftwareUpgrade", typeUrl: "/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade" },
  { name: "MsgCancelUpgrade", typeUrl: "/cosmos.upgrade.v1beta1.MsgCancelUpgrade" },
  { name: "MsgExecLegacyContent", typeUrl: `/${gov}.MsgExecLegacyContent` },
] as const;

/** Those with something special about them. */
export const otherCases = [
  {
    name: "MsgSubmitEvidence",
    typeUrl: "/cosmos.evidence.v1beta1.MsgSubmitEvidence",
    outcome: client("its class throws"),
  },
  {
    name: "RaAuthenticate",
    typeUrl: "/secret.registration.v1beta1.RaAuthenticate",
    outcome: refused(2, "no certificate of this network's simulated attestation is accepted"),
  },
] as const;

/** Messages that come with IBC. */
export const ibcCases: Readonly<Record<string, readonly string[]>> = {
  "ibc.applications.transfer.v1": ["MsgTransfer"],
  "ibc.applications.fee.v1": [
    "MsgRegisterPayee",
    "MsgRegisterCounterpartyPayee",
    "MsgPayPacketFee",
    "MsgPayPacketFeeAsync",
  ],
  "ibc.applications.interchain_accounts.controller.v1": [
    "MsgRegisterInterchainAccount",
    "MsgSendTx",
  ],
  "ibc.core.client.v1": [
    "MsgCreateClient",
    "MsgUpdateClient",
    "MsgUpgradeClient",
    "MsgSubmitMisbehaviour",
    "MsgRecoverClient",
    "MsgIBCSoftwareUpgrade",
  ],
  "ibc.core.connection.v1": [
    "MsgConnectionOpenInit",
    "MsgConnectionOpenTry",
    "MsgConnectionOpenAck",
    "MsgConnectionOpenConfirm",
  ],
  "ibc.core.channel.v1": [
    "MsgChannelOpenInit",
    "MsgChannelOpenTry",
    "MsgChannelOpenAck",
    "MsgChannelOpenConfirm",
    "MsgChannelCloseInit",
    "MsgChannelCloseConfirm",
    "MsgRecvPacket",
    "MsgAcknowledgement",
    "MsgTimeout",
    "MsgTimeoutOnClose",
    "MsgChannelUpgradeInit",
    "MsgChannelUpgradeTry",
    "MsgChannelUpgradeAck",
    "MsgChannelUpgradeOpen",
    "MsgChannelUpgradeTimeout",
    "MsgChannelUpgradeCancel",
    "MsgPruneAcknowledgements",
  ],
};
