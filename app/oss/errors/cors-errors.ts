/** Preflight requests. Format: see `oss-error.ts`. */
export const CORS_ERRORS = {
  corsNoOrigin:
    '400 BadRequest 0034-00000101 Insufficient information. Origin request header needed.',
  corsNoRequestMethod:
    '400 BadRequest 0034-00000102 Insufficient information. Request Access-Control-Request-Method header needed.',
  corsNotAllowed:
    "403 AccessForbidden 0003-00000602 CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec.",
  corsNotSet:
    '403 AccessForbidden 0003-00000601 CORSResponse: CORS is not enabled for this bucket.',
} as const
