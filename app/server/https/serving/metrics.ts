import { Counter, Gauge, Registry } from 'prom-client'
import type { CertificateKeeper } from '../renewal/certificate-manager.ts'

/** How https stands, in Prometheus' terms; read from the keeper whenever it is asked for. */
export function httpsMetrics(keeper: CertificateKeeper): Registry {
  const registry = new Registry()
  const registers = [registry]
  new Gauge({
    name: 'https_serving',
    help: '1 while there is a certificate that is good, else 0',
    registers,
    collect() {
      this.set(keeper.isServing ? 1 : 0)
    },
  })
  new Gauge({
    name: 'https_certificate_expiry_seconds',
    help: 'When the certificate ends, in unix seconds; 0 without one',
    registers,
    collect() {
      this.set((keeper.certificate?.notAfter.getTime() ?? 0) / 1000)
    },
  })
  new Counter({
    name: 'https_issue_attempts_total',
    help: 'Attempts to have a certificate, the first and renewals',
    registers,
    collect() {
      this.reset()
      this.inc(keeper.counts.attempts)
    },
  })
  new Counter({
    name: 'https_issue_failures_total',
    help: 'Attempts to have a certificate that failed',
    registers,
    collect() {
      this.reset()
      this.inc(keeper.counts.failures)
    },
  })
  return registry
}
