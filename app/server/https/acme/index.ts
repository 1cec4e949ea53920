/** Certificates of an ACME authority (RFC 8555). Loads the ACME client, larger than the server. */
export { type AcmeAccount, newAccount } from './account.ts'
export { AcmeError } from './acme-error.ts'
export { type Certificate, parseCertificate } from './certificate.ts'
export { fetchDirectory } from './directory.ts'
export { Http01Challenges } from './http-01-challenges.ts'
export { issueCertificate } from './issue-certificate.ts'
export { DEFAULT_REFRESH_MS, fetchRenewalInfo, type RenewalWindow } from './renewal-info.ts'
