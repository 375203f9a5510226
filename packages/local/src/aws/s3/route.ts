/** The operation that an S3 request asks for by its method, path and query. S3 has no header for it: whether a request
 * is for S3 at all is told by what it was signed for. */
export function s3RouteOf(request: Request): { operation: string; path: Record<string, string> } | undefined {
  if (!/\/s3\/aws4_request,/.test(request.headers.get("authorization") ?? "")) return undefined;
  const { pathname, searchParams } = new URL(request.url);
  const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(pathname) ?? [];
  const path = { Bucket: decoded(bucket), Key: decoded(key) };
  const named = key === "" ? ofBucket[request.method] : ofObject[request.method];
  const isList = key === "" && request.method === "GET" && searchParams.get("list-type") !== "2";
  return { operation: isList ? "ListObjects" : (named ?? request.method), path };
}

const ofBucket: Readonly<Record<string, string>> = {
  PUT: "CreateBucket",
  GET: "ListObjectsV2",
  DELETE: "DeleteBucket",
};
const ofObject: Readonly<Record<string, string>> = {
  PUT: "PutObject",
  GET: "GetObject",
  HEAD: "HeadObject",
  DELETE: "DeleteObject",
};

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
