/** Types of a network without the fork's parameters: `Params` ends with field 4 there. */
import {
  clone,
  create,
  createFileRegistry,
  type DescFile,
  type DescMessage,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { invariant } from "@tacit/encoding/errors";
import { ParamsSchema } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/distribution";
import { MsgUpdateParamsSchema } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/tx";

const FIELD_LAST = 4;

/** What the network's parameters are made of. */
export interface DistributionTypes {
  readonly params: typeof ParamsSchema;
  readonly updateParams: typeof MsgUpdateParamsSchema;
}

/** Those of Secret's fork. */
export const forkTypes: DistributionTypes = {
  params: ParamsSchema,
  updateParams: MsgUpdateParamsSchema,
};

/** Messages of these types lack the fork's fields altogether. */
export function createUpstreamTypes(): DistributionTypes {
  const file = [...filesBelow(MsgUpdateParamsSchema.file)].map(({ proto }) => {
    const copy = clone(FileDescriptorProtoSchema, proto);
    if (proto === ParamsSchema.file.proto) {
      for (const message of copy.messageType) {
        if (message.name !== ParamsSchema.name) continue;
        message.field = message.field.filter(({ number }) => number <= FIELD_LAST);
      }
    }
    return copy;
  });
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file }));
  const typeOf = <Schema extends DescMessage>({ typeName }: Schema): Schema => {
    const found = registry.getMessage(typeName);
    invariant(found !== undefined, "a file has the same messages with fewer fields");
    return found as Schema;
  };
  return { params: typeOf(ParamsSchema), updateParams: typeOf(MsgUpdateParamsSchema) };
}

/** A file behind those that it imports, each once. */
function filesBelow(file: DescFile, found = new Set<DescFile>()): Set<DescFile> {
  for (const imported of file.dependencies) filesBelow(imported, found);
  return found.add(file);
}
