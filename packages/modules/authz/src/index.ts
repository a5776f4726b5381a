export {
  type Accepted,
  type AskedMessage,
  type Authorization,
  type AuthorizationKind,
  authorizationKind,
} from "./authorizations/kind.ts";
export type { AuthzAccounts, AuthzBank } from "./expected.ts";
export type { AuthzKeeperOptions } from "./keeper.ts";
export { authzStoreName } from "./keys.ts";
export { createAuthzModule } from "./module.ts";
