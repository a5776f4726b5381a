import { GenericAuthorizationSchema } from "@tacit/encoding/proto/cosmos/authz/v1beta1/authz";
import { PlainError } from "@tacit/sdk";
import { authorizationKind } from "./kind.ts";

/** Any message of one type, without limits. */
export const genericAuthorization = authorizationKind(GenericAuthorizationSchema, {
  typeUrl: ({ msg }) => msg,
  validate: ({ msg }) => {
    if (msg === "") throw new PlainError("msg type cannot be empty");
  },
  accept: () => "keep",
});
