/** Preflight requests. Status, Code, Message, EC. */
export const CORS_ERRORS = {
  corsNoRequestMethod: [
    400,
    'BadRequest',
    'Insufficient information. Request Access-Control-Request-Method header needed.',
    '0034-00000102',
  ],
  corsNoOrigin: [
    400,
    'BadRequest',
    'Insufficient information. Origin request header needed.',
    '0034-00000101',
  ],
  corsNotAllowed: [
    403,
    'AccessForbidden',
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec.",
    '0003-00000602',
  ],
  corsNotSet: [
    403,
    'AccessForbidden',
    'CORSResponse: CORS is not enabled for this bucket.',
    '0003-00000601',
  ],
} as const
