/** The module as the frame sees it. */
import type { Module } from "@tacit/sdk";
import { registerMessages, type VestingCollaborators } from "./messages.ts";

/** Making accounts whose money unlocks with time. */
export function createVestingModule(collaborators: VestingCollaborators): Module {
  return {
    name: "vesting",
    register: ({ messages }) => registerMessages(messages, collaborators),
    defaultGenesis: () => ({}),
    initGenesis: () => undefined,
    exportGenesis: () => ({}),
  };
}
