/** `stargate{path, data}`: gRPC queries by path, of which contracts may use the cheap ones. */
import { type JsonObject, readBytes, readString } from "../json.ts";
import type { QueryEnvironment } from "./answer.ts";
import { unsupported } from "./errors.ts";

/** Methods by service (privacy protocol section 3.1). */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "cosmos.auth.v1beta1": ["Account", "Params"],
  "cosmos.bank.v1beta1": ["Balance", "DenomMetadata", "SupplyOf", "Params"],
  "cosmos.distribution.v1beta1": [
    "Params",
    "DelegatorWithdrawAddress",
    "FoundationTax",
    "ValidatorCommission",
  ],
  "cosmos.feegrant.v1beta1": ["Allowance"],
  "cosmos.gov.v1beta1": ["Deposit", "Params", "Proposal", "Vote"],
  "cosmos.mint.v1beta1": ["Params", "Inflation", "AnnualProvisions"],
  "cosmos.params.v1beta1": ["Params"],
  "cosmos.slashing.v1beta1": ["Params", "SigningInfo"],
  "cosmos.staking.v1beta1": ["Validator", "Delegation", "UnbondingDelegation", "Params"],
  "ibc.applications.transfer.v1": ["DenomHash", "DenomTrace", "Params"],
  "secret.compute.v1beta1": [
    "ContractInfo",
    "CodeHashByContractAddress",
    "CodeHashByCodeId",
    "LabelByAddress",
    "AddressByLabel",
    "ContractsByCodeId",
  ],
};

export const allowedQueryPaths: ReadonlySet<string> = new Set(
  Object.entries(allowed).flatMap(([service, methods]) =>
    methods.map((method) => `/${service}.Query/${method}`),
  ),
);

export function queryStargate(env: QueryEnvironment, fields: JsonObject): Uint8Array {
  const path = readString(fields, "path");
  if (!allowedQueryPaths.has(path)) {
    throw unsupported(`query path '${path}' is not allowed from the contract`);
  }
  const handler = env.collaborators.queries.handler(path);
  if (handler === undefined) throw unsupported(`No route to query path '${path}'`);
  return handler.handle(env.context, readBytes(fields, "data"));
}
