/** Throws when this is not the Node.js that Lambda runs; npm puts the right one first on the path of its scripts. */
export function checkNodeVersion(version = process.versions.node): void {
  if (Number(version.split(".")[0]) >= 24) return;
  throw new Error(
    `Daypass runs on Node.js 24, as in Lambda, and this is ${version}. Start it by npm start: after npm ci the right one is in node_modules.`,
  );
}
