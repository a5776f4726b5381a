/** `app_state.feegrant` and `app_state.authz`: who lets whom. */
import { GenesisStateSchema as AuthzSchema } from "@tacit/encoding/proto/cosmos/authz/v1beta1/genesis";
import { GenesisStateSchema as FeegrantSchema } from "@tacit/encoding/proto/cosmos/feegrant/v1beta1/genesis";
import { type CheckEnvironment, readAddress, readPart } from "./environment.ts";

interface Grant {
  readonly granter: string;
  readonly grantee: string;
}

export function checkGrants(env: CheckEnvironment): void {
  const allowances = readPart(env, "feegrant", FeegrantSchema)?.allowances ?? [];
  checkList(env, allowances, "app_state.feegrant.allowances");
  env.problems.unique(
    allowances,
    { path: (index) => `app_state.feegrant.allowances[${index}]`, what: "allowance" },
    ({ granter, grantee }) => `${granter} for ${grantee}`,
  );
  const grants = readPart(env, "authz", AuthzSchema)?.authorization ?? [];
  checkList(env, grants, "app_state.authz.authorization");
}

function checkList(env: CheckEnvironment, grants: readonly Grant[], root: string): void {
  for (const [index, { granter, grantee }] of grants.entries()) {
    readAddress(env, env.accounts, { text: granter, path: `${root}[${index}].granter` });
    readAddress(env, env.accounts, { text: grantee, path: `${root}[${index}].grantee` });
    if (granter !== grantee) continue;
    const hint = "Take the grant out.";
    env.problems.add("genesis/address", `${root}[${index}]`, "granter and grantee are one", hint);
  }
}
