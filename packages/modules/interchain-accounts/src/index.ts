export { controllerStoreName, hostStoreName } from "./keys.ts";
export { createInterchainAccountsModule } from "./module.ts";
export { createPacketForwardModule } from "./packet-forward.ts";
