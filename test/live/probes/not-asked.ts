const OWN_CODE =
  'the simulation refuses on purpose what the cloud lets pass; programs do not see it'
const LOAD_BALANCER = 'needs a load balancer, which costs more than the rest of the stack together'
const FLEET = 'needs a fleet whose instances fail, for half an hour'
const CALLBACK = 'needs a server of the public internet that OSS can call, with answers to order'
const TRAFFIC = 'needs 5 GB of traffic'
const TIMING = 'is about when a change becomes visible, which one run cannot tell'
const FILE_SYSTEM = 'is about the embedded OSS alone'
const SECOND_ACCOUNT = 'needs another account'

/** Why a question cannot be asked from outside, by question. */
export const NOT_ASKED: Readonly<Record<string, string>> = {
  // The embedded OSS.
  'a form with a file of exactly 5 GB': TRAFFIC,
  "until when a form's policy must be valid": TIMING,
  'status of an upload with a successful callback': CALLBACK,
  "size of an application's reply to a callback": CALLBACK,
  "contentMd5 of a multipart upload's callback": CALLBACK,
  'Access-Control-Allow-Methods': 'needs a rule of several methods on the bucket in use',
  'CORS headers of an actual request': 'asked together with `CORS headers of an error`',
  'number of CORS rules': 'replaces the rules of the bucket in use',
  'messages that no source quotes': 'has no answer: the messages are our own',
  'age at which unfinished uploads are removed': FILE_SYSTEM,
  'ETag of an appendable object': 'no part of this project appends',
  // Gateway.
  'an action or version that is not simulated': OWN_CODE,
  'a parameter that an action does not have': OWN_CODE,
  'a parameter in both URL and form, or twice': OWN_CODE,
  '`Format` that is missing or XML': OWN_CODE,
  'resources of ECS and VPC permissions': 'needs a policy for each resource',
  'permissions of the price calls': 'needs a policy for each action',
  'which products keep a `ClientToken`': 'makes every resource twice if the choice is wrong',
  'messages and statuses of passing refusals': 'cannot be brought about',
  'console output of a new instance': TIMING,
  // Quotas.
  'whether the quota of EIPs is one of a region': 'needs EIPs in two regions',
  'other products and dimensions of `ListProductQuotas`': OWN_CODE,
  // RAM, STS, OSS.
  "when RAM's own reads see a write": TIMING,
  'when other services see new keys, roles and attachments': TIMING,
  '`DisplayName` of a user created without one': 'the provider sets one',
  'shape of `ListTagResources`': 'is seen by the provider: an update would show a change of tags',
  'refusal without a service-linked role': 'needs an account that has none',
  'codes of a token that `AssumeRoleWithOIDC` refuses': 'needs an OIDC provider',
  'session policies of `AssumeRole`': OWN_CODE,
  "when an instance's credentials change": 'takes hours',
  'OSS for an account that is throttled': 'cannot be brought about',
  'a missing object, for a role that may not list': 'needs credentials from inside an instance',
  'calls that a new account may not make on mainland buckets': SECOND_ACCOUNT,
  // Auto Scaling.
  'permissions of ESS and ALB': FLEET,
  'the service-linked role of ESS': FLEET,
  'host names': FLEET,
  'codes for wrong values': FLEET,
  'deleting a group again while it is `Deleting`': FLEET,
  'hooks of a group that is deleted by force': FLEET,
  'when an instance is in service': FLEET,
  'order of scale-in': FLEET,
  'whether ESS waits for draining': FLEET,
  "when ESS acts on the load balancer's health checks": FLEET,
  'several activities of a group': FLEET,
  'unhealthy instances': FLEET,
  'when a tracked metric is too low': FLEET,
  'capacity for a tracked metric': FLEET,
  // Load balancer.
  'status of `IncorrectStatus` and `ResourceInUse`': LOAD_BALANCER,
  'quota of EIPs, which a load balancer counts in': LOAD_BALANCER,
  'all servers unhealthy': LOAD_BALANCER,
  'a server that refuses or breaks a connection': LOAD_BALANCER,
  'no server': LOAD_BALANCER,
  'draining a server without connections': LOAD_BALANCER,
  'source addresses of a load balancer': LOAD_BALANCER,
  'source zone of health checks': LOAD_BALANCER,
  'tags of a new load balancer or server group': LOAD_BALANCER,
  'listeners of a deleted load balancer': LOAD_BALANCER,
}
