export { cocktailCertify, cocktailDistribute } from "./coordinator.ts";
export { verifyCocktailFault } from "./dispute.ts";
export {
  type CocktailState1,
  type CocktailState2,
  cocktailFinalize,
  cocktailStep1,
  cocktailStep2,
} from "./participant.ts";
export {
  type CocktailConfig,
  type CocktailIdentity,
  type CocktailOutcome,
  createCocktail,
  restoreCocktail,
} from "./party.ts";
export { readCocktailRecord, recoverCocktail } from "./recover.ts";
export {
  type CocktailKey,
  type CocktailOutput,
  type CocktailParams,
  type CocktailRecovery,
  deriveCocktailContext,
  derivePayloadExtension,
} from "./session.ts";
export {
  type CocktailSuite,
  createRistrettoCocktail,
  ed25519Cocktail,
  p256Cocktail,
  ristretto255Cocktail,
  secp256k1Cocktail,
} from "./suites.ts";
