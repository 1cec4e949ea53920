/** See `empty-bucket.ts`. */
export { deployerCredentials } from '../storage/emptying/deployer-credentials.ts'
