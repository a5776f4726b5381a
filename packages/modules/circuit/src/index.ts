export { circuitGuard, refuseTrippedTypes } from "./guard.ts";
export { circuitStoreName } from "./keys.ts";
export type { CircuitAuthority } from "./messages.ts";
export { type CircuitModuleOptions, createCircuitModule } from "./module.ts";
