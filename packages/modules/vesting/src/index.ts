export type { VestingAccounts, VestingBank, VestingTerms } from "./expected.ts";
export type { VestingCollaborators } from "./messages.ts";
export { createVestingModule } from "./module.ts";
