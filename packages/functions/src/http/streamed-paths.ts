/** What outgrows the 6 MB of a buffered answer: read by GET through the function URL, whose answers stream. CloudFront
 * sends these paths there, and everything else to API Gateway. */
export const streamedPaths = ["/api/audit/export"] as const;
