/** Failures of the composition and of the threads it runs in. */
import { ProtocolError } from "@tacit/encoding/errors";

export type AppFailure =
  /** A request for more queries or checks than can wait. Try again later. */
  | { readonly code: "app/queue_full"; readonly waiting: number }
  /** One client has more queries waiting than its share. Try again later. */
  | { readonly code: "app/client_busy"; readonly waiting: number }
  /** A query took longer than the node lets one; ask for less, or a node that allows more. */
  | { readonly code: "app/query_timeout" }
  /** A worker thread ended: the node cannot go on. */
  | { readonly code: "app/thread_died"; readonly thread: string; readonly reason: string }
  /** The application was closed. */
  | { readonly code: "app/closed" }
  /** The enclave did not come up, or refused what only a broken or hostile host would ask. */
  | { readonly code: "app/enclave_refused"; readonly request: string; readonly reason: string }
  /** The enclave died again and again while one block ran. */
  | { readonly code: "app/enclave_unstable"; readonly height: bigint }
  /** The state cannot be exported as asked. */
  | { readonly code: "app/export"; readonly reason: string }
  /** A failure inside a worker, carried over to the main thread. */
  | { readonly code: "app/failed"; readonly cause: string; readonly causeCode: string };

export class AppError extends ProtocolError<AppFailure> {
  constructor(failure: AppFailure, options?: ErrorOptions) {
    super(failure, sentences[failure.code](failure as never), options);
  }
}

type SentenceOf = {
  readonly [Code in AppFailure["code"]]: (
    failure: Extract<AppFailure, { readonly code: Code }>,
  ) => string;
};

const sentences: SentenceOf = {
  "app/queue_full": ({ waiting }) => `too many requests: ${waiting} are waiting`,
  "app/client_busy": ({ waiting }) => `too many requests of this client: ${waiting} are waiting`,
  "app/query_timeout": () => "the query took longer than this node allows",
  "app/thread_died": ({ thread, reason }) => `the ${thread} thread ended: ${reason}`,
  "app/closed": () => "the application is closed",
  "app/enclave_refused": ({ request, reason }) => `the enclave refused ${request}: ${reason}`,
  "app/enclave_unstable": ({ height }) => `the enclave died again and again in block ${height}`,
  "app/export": ({ reason }) => `the state cannot be exported: ${reason}`,
  "app/failed": ({ cause }) => cause,
};
