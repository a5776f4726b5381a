export type { Question as BeleniosQuestion } from "./belenios/election.ts";
export { type BeleniosResult, verifyBelenios } from "./belenios/record.ts";
