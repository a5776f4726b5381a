/** The services and message types of the network: what clients may ask of any of its nodes. */
import type { DescService } from "@bufbuild/protobuf";
import { createTypeRegistry, type TypeRegistry } from "@tacit/encoding";
import { Query as Auth } from "@tacit/encoding/proto/cosmos/auth/v1beta1/query";
import { file_cosmos_auth_v1beta1_tx } from "@tacit/encoding/proto/cosmos/auth/v1beta1/tx";
import { Query as Authz } from "@tacit/encoding/proto/cosmos/authz/v1beta1/query";
import { file_cosmos_authz_v1beta1_tx } from "@tacit/encoding/proto/cosmos/authz/v1beta1/tx";
import { file_cosmos_bank_v1beta1_authz } from "@tacit/encoding/proto/cosmos/bank/v1beta1/authz";
import { Query as Bank } from "@tacit/encoding/proto/cosmos/bank/v1beta1/query";
import { file_cosmos_bank_v1beta1_tx } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { Query as Circuit } from "@tacit/encoding/proto/cosmos/circuit/v1/query";
import { file_cosmos_circuit_v1_tx } from "@tacit/encoding/proto/cosmos/circuit/v1/tx";
import { Query as Consensus } from "@tacit/encoding/proto/cosmos/consensus/v1/query";
import { file_cosmos_consensus_v1_tx } from "@tacit/encoding/proto/cosmos/consensus/v1/tx";
import { file_cosmos_crypto_ed25519_keys } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import { file_cosmos_crypto_multisig_keys } from "@tacit/encoding/proto/cosmos/crypto/multisig/keys";
import { file_cosmos_crypto_secp256k1_keys } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import { file_cosmos_crypto_secp256r1_keys } from "@tacit/encoding/proto/cosmos/crypto/secp256r1/keys";
import { Query as Distribution } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/query";
import { file_cosmos_distribution_v1beta1_tx } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/tx";
import { file_cosmos_evidence_v1beta1_evidence } from "@tacit/encoding/proto/cosmos/evidence/v1beta1/evidence";
import { Query as Evidence } from "@tacit/encoding/proto/cosmos/evidence/v1beta1/query";
import { file_cosmos_evidence_v1beta1_tx } from "@tacit/encoding/proto/cosmos/evidence/v1beta1/tx";
import { file_cosmos_feegrant_v1beta1_feegrant } from "@tacit/encoding/proto/cosmos/feegrant/v1beta1/feegrant";
import { Query as Feegrant } from "@tacit/encoding/proto/cosmos/feegrant/v1beta1/query";
import { file_cosmos_feegrant_v1beta1_tx } from "@tacit/encoding/proto/cosmos/feegrant/v1beta1/tx";
import { Query as GovV1 } from "@tacit/encoding/proto/cosmos/gov/v1/query";
import { file_cosmos_gov_v1_tx } from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import { Query as GovV1Beta1 } from "@tacit/encoding/proto/cosmos/gov/v1beta1/query";
import { file_cosmos_gov_v1beta1_tx } from "@tacit/encoding/proto/cosmos/gov/v1beta1/tx";
import { Query as Mint } from "@tacit/encoding/proto/cosmos/mint/v1beta1/query";
import { file_cosmos_mint_v1beta1_tx } from "@tacit/encoding/proto/cosmos/mint/v1beta1/tx";
import { file_cosmos_params_v1beta1_params } from "@tacit/encoding/proto/cosmos/params/v1beta1/params";
import { Query as Params } from "@tacit/encoding/proto/cosmos/params/v1beta1/query";
import { Query as Slashing } from "@tacit/encoding/proto/cosmos/slashing/v1beta1/query";
import { file_cosmos_slashing_v1beta1_tx } from "@tacit/encoding/proto/cosmos/slashing/v1beta1/tx";
import { file_cosmos_staking_v1beta1_authz } from "@tacit/encoding/proto/cosmos/staking/v1beta1/authz";
import { Query as Staking } from "@tacit/encoding/proto/cosmos/staking/v1beta1/query";
import { file_cosmos_staking_v1beta1_tx } from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import { file_cosmos_tx_v1beta1_service } from "@tacit/encoding/proto/cosmos/tx/v1beta1/service";
import { Query as Upgrade } from "@tacit/encoding/proto/cosmos/upgrade/v1beta1/query";
import { file_cosmos_upgrade_v1beta1_tx } from "@tacit/encoding/proto/cosmos/upgrade/v1beta1/tx";
import { file_cosmos_vesting_v1beta1_tx } from "@tacit/encoding/proto/cosmos/vesting/v1beta1/tx";
import { file_cosmos_vesting_v1beta1_vesting } from "@tacit/encoding/proto/cosmos/vesting/v1beta1/vesting";
import { Query as IcaController } from "@tacit/encoding/proto/ibc/applications/interchain_accounts/controller/v1/query";
import { Query as IcaHost } from "@tacit/encoding/proto/ibc/applications/interchain_accounts/host/v1/query";
import { Query as PacketForward } from "@tacit/encoding/proto/packetforward/v1/query";
import { file_secret_compute_v1beta1_msg } from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { Query as Compute } from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import { Query as Cron } from "@tacit/encoding/proto/secret/cron/query";
import { file_secret_cron_tx } from "@tacit/encoding/proto/secret/cron/tx";
import { Query as EmergencyButton } from "@tacit/encoding/proto/secret/emergencybutton/v1beta1/query";
import { file_secret_emergencybutton_v1beta1_tx } from "@tacit/encoding/proto/secret/emergencybutton/v1beta1/tx";
import { file_secret_registration_v1beta1_msg } from "@tacit/encoding/proto/secret/registration/v1beta1/msg";
import { Query as Registration } from "@tacit/encoding/proto/secret/registration/v1beta1/query";

/** Modules that this node's application lacks answer Unimplemented. */
export const networkQueryServices: readonly DescService[] = [
  Auth,
  Authz,
  Bank,
  Circuit,
  Compute,
  Consensus,
  Cron,
  Distribution,
  EmergencyButton,
  Evidence,
  Feegrant,
  GovV1,
  GovV1Beta1,
  IcaController,
  IcaHost,
  Mint,
  PacketForward,
  Params,
  Registration,
  Slashing,
  Staking,
  Upgrade,
];

/** All types that may stand in an Any. */
export function createNetworkTypes(): TypeRegistry {
  return createTypeRegistry(
    file_cosmos_auth_v1beta1_tx,
    file_cosmos_authz_v1beta1_tx,
    file_cosmos_bank_v1beta1_authz,
    file_cosmos_bank_v1beta1_tx,
    file_cosmos_circuit_v1_tx,
    file_cosmos_consensus_v1_tx,
    file_cosmos_crypto_ed25519_keys,
    file_cosmos_crypto_multisig_keys,
    file_cosmos_crypto_secp256k1_keys,
    file_cosmos_crypto_secp256r1_keys,
    file_cosmos_distribution_v1beta1_tx,
    file_cosmos_evidence_v1beta1_evidence,
    file_cosmos_evidence_v1beta1_tx,
    file_cosmos_feegrant_v1beta1_feegrant,
    file_cosmos_feegrant_v1beta1_tx,
    file_cosmos_gov_v1_tx,
    file_cosmos_gov_v1beta1_tx,
    file_cosmos_mint_v1beta1_tx,
    file_cosmos_params_v1beta1_params,
    file_cosmos_slashing_v1beta1_tx,
    file_cosmos_staking_v1beta1_authz,
    file_cosmos_staking_v1beta1_tx,
    file_cosmos_tx_v1beta1_service,
    file_cosmos_upgrade_v1beta1_tx,
    file_cosmos_vesting_v1beta1_tx,
    file_cosmos_vesting_v1beta1_vesting,
    file_secret_compute_v1beta1_msg,
    file_secret_cron_tx,
    file_secret_emergencybutton_v1beta1_tx,
    file_secret_registration_v1beta1_msg,
  );
}
