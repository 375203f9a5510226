/** One resource with its final inputs, as it would be asked of AWS. */
export type Resource = {
  /** aws:lambda/function:Function */
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  protect: boolean;
  retainOnDelete: boolean;
};

/** A handler as it was bundled for one function. */
export type Bundle = { functionId: string; handler: string; file: string; bytes: number; modules: string[] };

/** Everything that deploying one stage would ask of AWS. */
export type Rendered = {
  app: Record<string, unknown>;
  stage: string;
  resources: Resource[];
  bundles: Bundle[];
  /** Values that were marked as secret on the way: they may be in a few resources and nowhere else. */
  secrets: string[];
  outputs: Record<string, unknown>;
};

/** What came of rendering; a program that could not be run says why. */
export type Outcome = Rendered | { failed: string };

export const account = "123456789012";
export const region = "eu-west-1";
