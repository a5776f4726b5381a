/** Which module answers which query, by gRPC path, straight from the services' descriptors. */
import type {
  DescMethod,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import type { Context } from "./context.ts";

/** A service's methods as functions of a read-only context and the request. */
export type QueryImplementation<Service extends DescService> = {
  readonly [Name in keyof Service["method"]]: Service["method"][Name] extends DescMethodUnary<
    infer Input,
    infer Output
  >
    ? (context: Context, request: MessageShape<Input>) => MessageInitShape<Output>
    : never;
};

export interface QueryHandler {
  readonly method: DescMethod;
  /**
   * @returns the response's protobuf bytes.
   * @throws {GrpcError} and {SdkError} for the client; everything else is our failure.
   */
  handle(context: Context, request: Uint8Array): Uint8Array;
}

type Answer = (context: Context, request: unknown) => Record<string, unknown>;

export class QueryRouter {
  readonly #handlers = new Map<string, QueryHandler>();
  readonly #services: DescService[] = [];

  /** Registers what `implementation` has of the service's methods; the rest answer Unimplemented. */
  register<Service extends DescService>(
    service: Service,
    implementation: Partial<QueryImplementation<Service>>,
  ): void {
    this.#services.push(service);
    for (const method of service.methods) {
      const answer = (implementation as Record<string, unknown>)[method.localName];
      if (answer === undefined) continue;
      this.#register(method, answer as Answer);
    }
  }

  handler(path: string): QueryHandler | undefined {
    return this.#handlers.get(path);
  }

  get services(): readonly DescService[] {
    return this.#services;
  }

  get paths(): readonly string[] {
    return [...this.#handlers.keys()];
  }

  #register(method: DescMethod, answer: Answer): void {
    const path = `/${method.parent.typeName}/${method.name}`;
    invariant(!this.#handlers.has(path), `${path} has one handler`);
    this.#handlers.set(path, {
      method,
      handle: (context, bytes) => {
        const response = answer(context, decodeMessage(method.input, bytes));
        return encodeMessage(method.output, response);
      },
    });
  }
}
