export { registrationErrors } from "./errors.ts";
export { registrationGenesis } from "./genesis.ts";
export { getNetworkKeys, type NetworkKeys } from "./keeper.ts";
export { registrationStoreName } from "./keys.ts";
export { createRegistrationModule } from "./module.ts";
