import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const worthwhileBytes = 1_000;
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/**
 * Compresses a body as CloudFront does: text of more than 1 kB that is not encoded already, by what the client
 * accepts. Returns undefined where the body should go out as it is.
 */
export async function compress(
  body: Buffer,
  contentType: string | undefined,
  acceptEncoding: string | undefined,
): Promise<{ body: Buffer; encoding: "br" | "gzip" } | undefined> {
  if (body.length < worthwhileBytes || !isCompressible(contentType)) return undefined;
  const accepted = acceptEncoding ?? "";
  if (/\bbr\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(accepted)) {
    return { body: await promisify(brotliCompress)(body, quality), encoding: "br" };
  }
  if (/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(accepted)) {
    return { body: await promisify(gzip)(body), encoding: "gzip" };
  }
  return undefined;
}

function isCompressible(contentType = ""): boolean {
  return /^(text\/|image\/svg|application\/([\w.-]+\+)?(json|xml|javascript))/.test(contentType);
}
