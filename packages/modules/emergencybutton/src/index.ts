export { assertNotPaused, emergencyButtonStoreName, isPaused } from "./keeper.ts";
export type { EmergencyButtonOptions } from "./messages.ts";
export { createEmergencyButtonModule } from "./module.ts";
