import { type Query, readFile } from "./http.ts";

/** Has the browser save a file of the API, under the name that the server gives it. Throws `Problem`. */
export async function download(path: string, query: Query): Promise<{ headers: Headers }> {
  const { blob, headers } = await readFile(path, query);
  const name = /filename="([^"]+)"/.exec(headers.get("Content-Disposition") ?? "")?.[1] ?? "daypass";
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has its own hold on the file by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
  return { headers };
}
