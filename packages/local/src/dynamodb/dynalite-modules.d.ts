/** dynalite ships no types; dynalite.ts says what is in these modules. */
declare module "dynalite/*" {
  const module: unknown;
  export default module;
}
