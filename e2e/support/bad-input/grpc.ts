/** One gRPC request over HTTP/2, with bytes that a gRPC library would not send. */
import { type ClientHttp2Session, connect } from "node:http2";
import type { BadGrpcRequest } from "./requests.ts";

export interface GrpcAnswer {
  /** Of HTTP; undefined if the stream was reset. */
  readonly status: number | undefined;
  readonly grpcStatus: string | undefined;
  readonly grpcMessage: string | undefined;
}

/** A fresh connection when the server has closed the last one. */
export class GrpcRaw {
  readonly #url: string;
  #session: ClientHttp2Session | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  send({ path, headers, body }: BadGrpcRequest): Promise<GrpcAnswer> {
    const session = this.#open();
    return new Promise((resolve) => {
      const stream = session.request({
        ":method": "POST",
        ":path": path,
        te: "trailers",
        ...headers,
      });
      const seen: Record<string, unknown> = {};
      const done = () =>
        resolve({
          status: seen[":status"] as number | undefined,
          grpcStatus: seen["grpc-status"] as string | undefined,
          grpcMessage: seen["grpc-message"] as string | undefined,
        });
      stream.on("response", (head) => Object.assign(seen, head));
      stream.on("trailers", (tail) => Object.assign(seen, tail));
      stream.on("error", done);
      stream.on("close", done);
      stream.resume();
      stream.end(body);
    });
  }

  close(): void {
    this.#session?.close();
  }

  #open(): ClientHttp2Session {
    if (this.#session === undefined || this.#session.closed || this.#session.destroyed) {
      this.#session = connect(this.#url);
      this.#session.on("error", () => {});
    }
    return this.#session;
  }
}
