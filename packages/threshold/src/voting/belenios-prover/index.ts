export type { Choice } from "../answer.ts";
export type { Question } from "../election.ts";
export { BeleniosBoard } from "./archive.ts";
export { makeBeleniosBallot } from "./ballot.ts";
export {
  type BeleniosDefinition,
  type BeleniosKey,
  type BeleniosSetup,
  beleniosTrustee,
  defineBelenios,
  generateBeleniosKey,
} from "./election.ts";
