/** A callable method of a service: what REST, gRPC and gRPC-web all lead to. */
import type {
  DescMethod,
  DescMethodUnary,
  DescService,
  Message,
  MessageInitShape,
} from "@bufbuild/protobuf";

export interface CallContext {
  /** State height asked for; 0 is the latest. */
  readonly height: bigint;
  /** Who calls, by network address; absent for the node itself. */
  readonly client: string | undefined;
  /** Whether the gateway asks: it sends some questions by way of ABCI, and their failures show it. */
  readonly isGateway?: boolean;
}

export interface CallResult {
  /** The response; absent fields are defaults. */
  readonly message: Readonly<Record<string, unknown>>;
  /** Height of the state that answered; 0 where none did. */
  readonly height: bigint;
}

export interface ServiceMethod {
  /** `/cosmos.bank.v1beta1.Query/Balance`. */
  readonly path: string;
  readonly desc: DescMethod;
  /** Answered here and not by the application. */
  readonly isLocal: boolean;
  /** @throws {StatusError} */
  call(request: Message, context: CallContext): Promise<CallResult>;
}

type Awaitable<T> = T | Promise<T>;

/** Methods of a service by their local names. */
export type Implementation<Service extends DescService> = {
  readonly [Name in keyof Service["method"]]: Service["method"][Name] extends DescMethodUnary<
    infer Input,
    infer Output
  >
    ? (request: MessageShapeOf<Input>, context: CallContext) => Awaitable<MessageInitShape<Output>>
    : never;
};

type MessageShapeOf<Desc> = Desc extends import("@bufbuild/protobuf").DescMessage
  ? import("@bufbuild/protobuf").MessageShape<Desc>
  : never;

export const methodPath = (desc: DescMethod): string => `/${desc.parent.typeName}/${desc.name}`;

/** Methods served by functions here; those missing in `implementation` are left out. */
export function localMethods<Service extends DescService>(
  service: Service,
  implementation: Partial<Implementation<Service>>,
  currentHeight: () => bigint,
): ServiceMethod[] {
  return service.methods.flatMap((desc) => {
    const answer = (implementation as Record<string, unknown>)[desc.localName] as
      | ((request: Message, context: CallContext) => Awaitable<Record<string, unknown>>)
      | undefined;
    if (answer === undefined) return [];
    return [
      {
        path: methodPath(desc),
        desc,
        isLocal: true,
        call: async (request: Message, context: CallContext) => ({
          message: await answer(request, context),
          height: currentHeight(),
        }),
      },
    ];
  });
}
