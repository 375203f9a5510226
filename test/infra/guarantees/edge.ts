import { pageSecurityHeaders } from "@daypass/functions/page-headers.ts";
import { ofType } from "../render/policies.ts";
import { exampleSettings } from "../render/settings-of-stage.ts";
import { type Guarantee, unless } from "./guarantee.ts";

type Behavior = Record<string, unknown> & {
  targetOriginId: string;
  functionAssociations?: { functionArn: string }[];
};
type Origin = Record<string, unknown> & {
  originId: string;
  customHeaders?: { name: string; value: string }[];
};
const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

export const edge: Guarantee[] = [
  {
    name: "page and API are one origin, by TLS 1.2 or later alone, and no answer of the API is kept on the way",
    problems(rendered) {
      const { domain } = exampleSettings(rendered.stage);
      const [distribution] = ofType(rendered, "aws:cloudfront/distribution:Distribution");
      const inputs = distribution?.inputs ?? {};
      const ordered = (inputs["orderedCacheBehaviors"] ?? []) as Behavior[];
      const page = inputs["defaultCacheBehavior"] as Behavior | undefined;
      const certificate = (inputs["viewerCertificate"] ?? {}) as Record<string, unknown>;
      const paths = ordered.map(
        (behavior) => `${String(behavior["pathPattern"])} ${behavior.targetOriginId}`,
      );
      const errors = (inputs["customErrorResponses"] ?? []) as Record<string, unknown>[];
      return [
        ...unless(
          String(inputs["aliases"]) === domain.name,
          `Distribution: answers for ${String(inputs["aliases"])}`,
        ),
        ...unless(certificate["minimumProtocolVersion"] === "TLSv1.2_2021", "Distribution: takes old TLS"),
        ...unless(
          paths.join() === "/api/audit/export stream,/api/* api",
          `Distribution: sends ${paths.join(", ")} to the API`,
        ),
        ...[page, ...ordered].flatMap((behavior) =>
          unless(
            ["https-only", "redirect-to-https"].includes(String(behavior?.["viewerProtocolPolicy"])),
            `Distribution: ${behavior?.targetOriginId ?? ""} takes what comes in clear`,
          ),
        ),
        ...ordered.flatMap((behavior) =>
          unless(
            behavior["cachePolicyId"] === cachingDisabled,
            `Distribution: answers of ${behavior.targetOriginId} are kept for others`,
          ),
        ),
        ...unless(
          [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504].every((code) =>
            errors.some((one) => one["errorCode"] === code && one["errorCachingMinTtl"] === 0),
          ),
          "Distribution: an error of one person is kept for the next",
        ),
      ];
    },
  },
  {
    name: "only CloudFront is believed: it shows its secret to the API, signs for the stream and the page, and says who asks",
    problems(rendered) {
      const [distribution] = ofType(rendered, "aws:cloudfront/distribution:Distribution");
      const origins = (distribution?.inputs["origins"] ?? []) as Origin[];
      const of = (id: string) => origins.find(({ originId }) => originId === id);
      const shows = (id: string) =>
        of(id)?.customHeaders?.some(
          ({ name, value }) =>
            name === "x-daypass-origin-secret" && rendered.secrets.includes(value) && value.length >= 32,
        ) === true;
      const tls = (id: string) => (of(id)?.["customOriginConfig"] ?? {}) as Record<string, unknown>;
      return [
        ...["api", "stream"].flatMap((id) => [
          ...unless(shows(id), `Distribution: shows no secret to ${id}`),
          ...unless(
            tls(id)["originProtocolPolicy"] === "https-only",
            `Distribution: speaks in clear to ${id}`,
          ),
        ]),
        ...["page", "stream"].flatMap((id) =>
          unless(
            typeof of(id)?.["originAccessControlId"] === "string",
            `Distribution: does not sign for ${id}`,
          ),
        ),
        ...ofType(rendered, "aws:cloudfront/originAccessControl:OriginAccessControl").flatMap(
          ({ name, inputs }) =>
            unless(inputs["signingBehavior"] === "always", `${name}: does not always sign`),
        ),
      ];
    },
  },
  {
    name: "the page has the very headers that it has on one machine, and HTTPS for two years",
    problems(rendered) {
      const [policy] = ofType(rendered, "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy");
      const told = JSON.stringify(policy?.inputs ?? {});
      const { issuer } = exampleSettings(rendered.stage).signIn;
      const [distribution] = ofType(rendered, "aws:cloudfront/distribution:Distribution");
      const page = distribution?.inputs["defaultCacheBehavior"] as Behavior | undefined;
      const values = Object.entries(pageSecurityHeaders(issuer)).filter(
        ([name]) => name !== "x-content-type-options",
      );
      return [
        ...unless(
          typeof page?.["responseHeadersPolicyId"] === "string",
          "Distribution: the page has no headers",
        ),
        ...values.flatMap(([name, value]) =>
          unless(told.includes(JSON.stringify(value)), `PageHeaders: lacks ${name}`),
        ),
        ...unless(/"accessControlMaxAgeSec":63072000/.test(told), "PageHeaders: HTTPS is not asked for"),
        ...unless(/"contentTypeOptions"/.test(told), "PageHeaders: lacks x-content-type-options"),
      ];
    },
  },
];
