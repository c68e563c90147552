import nodemailer from 'nodemailer'
import type { Logger } from './kernel/logger.ts'
import { alone } from './kernel/ledger.ts'
import { callPeer } from './kernel/peers.ts'

export type Mail = { to: string; subject: string; text: string }
export type Mailer = {
  /** Hands the mail over without making the caller wait: how long it takes must not tell who exists. */
  send(mail: Mail): void
  /** Waits for what is under way. */
  close(): Promise<void>
}

export const createMailer = (smtpUrl: string, from: string, logger: Logger): Mailer => {
  const transport = nodemailer.createTransport({
    url: smtpUrl,
    connectionTimeout: 5_000,
    socketTimeout: 10_000,
  })
  const underWay = new Set<Promise<void>>()

  const deliver = async (mail: Mail) => {
    try {
      await callPeer('mail', async () => {
        await transport.sendMail({ from, ...mail })
        return { outcome: 'ok', said: undefined }
      })
    } catch (error) {
      logger.error({ err: error }, 'mail not sent')
    }
  }

  return {
    send: (mail) => {
      const delivery = alone(() => deliver(mail)).finally(() => underWay.delete(delivery))
      underWay.add(delivery)
    },
    close: async () => {
      await Promise.all(underWay)
      transport.close()
    },
  }
}
