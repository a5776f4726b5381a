export type { CronAccountKeeper } from "./expected.ts";
export { cronStoreName } from "./keys.ts";
export type { CronOptions } from "./messages.ts";
export { type CronCollaborators, type CronModule, createCronModule } from "./module.ts";
export { cronSender } from "./transactions.ts";
