export { createParamsModule, type ParamsModule, type ParamsModuleOptions } from "./module.ts";
export {
  boolParam,
  type ParamType,
  textListParam,
  textParam,
  uint64Param,
} from "./param-types.ts";
export { type KeyTable, paramsStoreName, type TransientWriteGas } from "./subspaces.ts";
