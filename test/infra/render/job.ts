/** A text in a source that is replaced before rendering, to see that the mistake is found. */
export type Planted = { file: string; find: string; replace: string };

/** One stage to be rendered. */
export type Job = {
  stage: string;
  /** Where the bundles of handlers are kept for all renderings of one run. */
  bundles: string;
  work: string;
  output: string;
  planted: readonly Planted[];
  /** Leaves out what takes time and was looked at already: the page's files, and what is in the bundles. */
  isQuick: boolean;
};
