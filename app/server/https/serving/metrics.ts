import { Counter, Gauge, Registry } from 'prom-client'
import type { CertificateManager } from '../renewal/certificate-manager.ts'

/** Returns the Prometheus metrics of https, read from the manager on every scrape. */
export function httpsMetrics(manager: CertificateManager): Registry {
  const registry = new Registry()
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  }
  const counter = (name: string, help: string, read: () => number): void => {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  }
  gauge('https_serving', '1 while there is a valid certificate, else 0', () =>
    manager.isServing ? 1 : 0,
  )
  gauge(
    'https_certificate_expiry_seconds',
    'When the certificate expires, in unix seconds; 0 without one',
    () => (manager.certificate?.notAfter.getTime() ?? 0) / 1000,
  )
  counter(
    'https_issue_attempts_total',
    'Attempts to obtain a certificate, renewals included',
    () => manager.counts.attempts,
  )
  counter(
    'https_issue_failures_total',
    'Failed attempts to obtain a certificate',
    () => manager.counts.failures,
  )
  return registry
}
