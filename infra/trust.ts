/// <reference path="../.sst/platform/config.d.ts" />

/** A role that SST makes for a function can be taken on by everybody in the account; so no function may be made
 * without a role of ours. */
export function onlyOwnRoles(): void {
  $transform(sst.aws.Function, (args, _opts, name) => {
    if (!args.role)
      throw new Error(`The function ${name} must be made by createFunction, with a role of its own.`);
  });
}
