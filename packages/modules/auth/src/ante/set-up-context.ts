import {
  type AnteDecorator,
  createGasMeter,
  createInfiniteGasMeter,
  PanicError,
  sdkErrors,
} from "@tacit/sdk";

/** Gives the transaction its gas meter; simulations and genesis have no limit. */
export const setUpContext: AnteDecorator = (context, tx, isSimulation, next) => {
  const { fee } = tx;
  if (fee === undefined) throw new PanicError("transaction without fee");
  const gasMeter =
    isSimulation || context.height === 0n ? createInfiniteGasMeter() : createGasMeter(fee.gasLimit);
  if (context.scope !== undefined) context.scope.gasMeter = gasMeter;
  const maxGas = context.consensusParams?.block.maxGas ?? 0n;
  if (maxGas > 0n && fee.gasLimit > maxGas) {
    throw sdkErrors.invalidGasLimit.wrap(
      `tx gas limit ${fee.gasLimit} exceeds block max gas ${maxGas}`,
    );
  }
  return next(context.withGasMeter(gasMeter), tx, isSimulation);
};
