/** Where to go after signing in: a path of our own page, else its start. Browsers read `//host` and `/\host` as
 * addresses of other sites, and skip tabs and line breaks within. */
export function localPath(path: string | undefined): string {
  if (path === undefined || path.length > 1000) return "/";
  const isLocal = /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && !path.includes("\\");
  return isLocal && new URL(path, "https://page.invalid").origin === "https://page.invalid" ? path : "/";
}
