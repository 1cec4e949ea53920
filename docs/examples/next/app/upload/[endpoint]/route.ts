import { sign } from '../../../../sign'

export { sign as GET, sign as POST }
