/// <reference path="../.sst/platform/config.d.ts" />
import type { Stage } from "./stage.ts";

/** The certificate of the address, and its records: made in the hosted zone, or by hand where there is none. */
export function createAddress(stage: Stage) {
  const { name, hostedZoneId: zoneId, certificateArn } = stage.settings.domain;
  if (!zoneId) {
    return { certificateArn: $output(certificateArn ?? ""), pointAt() {} };
  }
  // CloudFront looks for certificates there alone.
  const region = "us-east-1";
  const certificate = new aws.acm.Certificate("Certificate", {
    region,
    domainName: name,
    validationMethod: "DNS",
  });
  const proof = certificate.domainValidationOptions[0];
  const record = new aws.route53.Record("CertificateProof", {
    zoneId,
    name: proof.resourceRecordName,
    type: proof.resourceRecordType,
    records: [proof.resourceRecordValue],
    ttl: 60,
    allowOverwrite: true,
  });
  const validated = new aws.acm.CertificateValidation("CertificateValidated", {
    region,
    certificateArn: certificate.arn,
    validationRecordFqdns: [record.fqdn],
  });
  return {
    certificateArn: validated.certificateArn,
    pointAt(distribution: aws.cloudfront.Distribution) {
      for (const type of ["A", "AAAA"]) {
        new aws.route53.Record(`Address${type}`, {
          zoneId,
          name,
          type,
          aliases: [
            {
              name: distribution.domainName,
              zoneId: distribution.hostedZoneId,
              evaluateTargetHealth: false,
            },
          ],
        });
      }
    },
  };
}
