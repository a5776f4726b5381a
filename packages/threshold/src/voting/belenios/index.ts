export type { Question as BeleniosQuestion } from "./election.ts";
export { type BeleniosResult, verifyBelenios } from "./record.ts";
