export {
  capabilityStoreName,
  getOwners,
  latestIndex,
  setLatestIndex,
  setOwners,
} from "./keeper.ts";
export { createCapabilityModule } from "./module.ts";
