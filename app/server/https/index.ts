/**
 * Https with a certificate that renews itself. `openHttps` is in `open-https.ts`, which loads the
 * ACME client.
 */
export { certificateNameProblem } from './certificate-name.ts'
export { type HttpsSettings, httpsContradictions, httpsSettings } from './config.ts'
export type { CertificateManager } from './renewal/certificate-manager.ts'
export { type AppHttps, httpsConfigHandler } from './serving/config-endpoint.ts'
export { createHttpsServer, setHttpsHeaders } from './serving/https-server.ts'
export { httpsMetrics } from './serving/metrics.ts'
export { httpsOrigin, redirectTarget, sendRedirect } from './serving/redirect.ts'
