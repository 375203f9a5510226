import type { AwsError } from "../server/aws-error.ts";

/** One element with text, or with other elements, which are not escaped again. */
export function element(name: string, content: string | readonly string[]): string {
  return `<${name}>${typeof content === "string" ? escaped(content) : content.join("")}</${name}>`;
}

export function xmlResponse(body: string, status: number, requestId: string): Response {
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`, {
    status,
    headers: { "content-type": "application/xml", "x-amz-request-id": requestId },
  });
}

/** S3 tells errors by the body alone. */
export function s3ErrorResponse(error: AwsError, requestId: string): Response {
  const members = Object.entries(error.members).map(([name, value]) => element(name, value));
  const code = [element("Code", error.code), element("Message", error.message)];
  return xmlResponse(
    element("Error", [...code, ...members, element("RequestId", requestId)]),
    error.status,
    requestId,
  );
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
