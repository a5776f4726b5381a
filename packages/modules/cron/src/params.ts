/** Parameters: who may, and how much in a block. */
import { create } from "@bufbuild/protobuf";
import { type Params, ParamsSchema } from "@tacit/encoding/proto/secret/cron/params";
import { type AddressCodec, PlainError, wrapError } from "@tacit/sdk";

const limitDefault = 5n;

export function defaultParams(): Params {
  return create(ParamsSchema, { limit: limitDefault });
}

/** @throws {PlainError} for a security address that is none, or a limit of 0. */
export function validateParams(addresses: AddressCodec, { securityAddress, limit }: Params): void {
  if (securityAddress !== "") {
    try {
      addresses.toBytes(securityAddress);
    } catch (error) {
      throw wrapError(error, "invalid security address: invalid address");
    }
  }
  if (limit === 0n) throw new PlainError("invalid limit: limit cannot be zero");
}
